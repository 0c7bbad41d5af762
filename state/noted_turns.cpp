#include "state/noted_turns.h"

#include <algorithm>
#include <utility>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "state/store.h"

namespace omenia::state {

NotedTurns::NotedTurns(Loop& loop, std::string folder, std::function<bool(Job)> give)
    : folder_(std::move(folder)),
      give_(std::move(give)),
      due_(loop, [this] { hand_over(); }),
      again_(loop, [this] { give_again(); }) {}

// One that was removed is used up first, then there is another.
bool NotedTurns::open_journal() {
  if (journal_ && journal_->is_in_place()) return true;
  if (journal_ && is_behind()) return false;
  journal_.reset();
  if (journal_failed_ms_ > 0 && steady_ms() - journal_failed_ms_ < limits::store_again_ms) return false;
  auto made = Journal::create(folder_);
  if (!made.ok()) {
    journal_failed_ms_ = steady_ms();
    return false;
  }
  journal_ = std::move(made).value();
  return true;
}

bool NotedTurns::note(std::shared_ptr<const TurnRow> turn) {
  const std::uint64_t number = open_journal() ? journal_->append(record_of(*turn)) : 0;
  if (number == 0) return false;
  fresh_.push_back({std::move(turn), number});
  if (fresh_.size() >= limits::store_noted_max) {
    hand_over();
  } else if (fresh_.size() == 1) {
    due_.start(limits::store_noted_ms);
  }
  return true;
}

void NotedTurns::hand_over() {
  if (fresh_.empty()) return;
  due_.stop();
  batches_.push_back(std::make_shared<Batch>(Batch{std::exchange(fresh_, {})}));
  give(batches_.back());
}

void NotedTurns::give(const std::shared_ptr<Batch>& batch) {
  const auto stored = std::make_shared<std::vector<bool>>();
  batch->with_writer = give_({[batch, stored](Tables& tables) {
                                *stored = store(tables, batch->turns);
                                return true;
                              },
                              [this, batch, stored](const Result<void>& commit) {
                                answered(*batch, commit.ok() ? *stored : std::vector<bool>());
                              },
                              Durability::logged});
  if (batch->with_writer) {
    ++jobs_given_;
  } else if (!again_.running()) {
    again_.start(limits::store_again_ms);
  }
}

// What the store did not take is given to it again. Its record stays in the journal until then.
void NotedTurns::answered(Batch& batch, const std::vector<bool>& stored) {
  batch.with_writer = false;
  ++jobs_answered_;
  for (std::size_t i = 0; i < stored.size(); ++i) batch.turns[i].stored = stored[i];
  forget_stored();
  if (!is_stored(batch) && !again_.running()) again_.start(limits::store_again_ms);
  std::vector<std::function<void()>> due;
  for (; !waiting_.empty() && waiting_.front().jobs <= jobs_answered_; waiting_.pop_front())
    due.push_back(std::move(waiting_.front().then));
  for (const auto& then : due) then();  // One of them may be the end of this.
}

bool NotedTurns::is_stored(const Batch& batch) {
  return std::all_of(batch.turns.begin(), batch.turns.end(), [](const Noted& noted) { return noted.stored; });
}

void NotedTurns::forget_stored() {
  for (; !batches_.empty() && is_stored(*batches_.front()); batches_.pop_front())
    journal_->forget_until(batches_.front()->turns.back().number);
}

void NotedTurns::give_again() {
  for (const auto& batch : batches_)
    if (!batch->with_writer && !is_stored(*batch)) give(batch);
}

void NotedTurns::when_answered(std::function<void()> then) {
  hand_over();
  if (jobs_answered_ == jobs_given_) return then();
  waiting_.push_back({jobs_given_, std::move(then)});
}

void NotedTurns::finish(const std::function<Result<void>(const std::vector<Job>&)>& commit) {
  waiting_.clear();
  if (!fresh_.empty()) batches_.push_back(std::make_shared<Batch>(Batch{std::exchange(fresh_, {})}));
  for (const auto& batch : batches_) {
    std::vector<bool> stored;
    const Job job{[&](Tables& tables) {
                    stored = store(tables, batch->turns);
                    return true;
                  },
                  {},
                  Durability::logged};
    if (!commit({job}).ok()) return;  // The next process finds them in the journal.
    for (std::size_t i = 0; i < stored.size(); ++i) batch->turns[i].stored = stored[i];
  }
  forget_stored();
}

// Together; should one not go in, each by itself, so that it does not keep the others out. After a failure of the disk
// no more is tried: SQLite may have undone everything.
std::vector<bool> NotedTurns::store(Tables& tables, const std::vector<Noted>& turns) {
  std::vector<const TurnRow*> missing;
  for (const Noted& noted : turns)
    if (!noted.stored) missing.push_back(noted.turn.get());
  const Result<void> together = tables.turns.store(missing);
  if (together.ok()) return std::vector<bool>(turns.size(), true);
  if (together.error().code == ErrorCode::storage || missing.size() == 1) return {};
  std::vector<bool> stored;
  for (const Noted& noted : turns) {
    const Result<void> done = noted.stored ? Result<void>() : tables.turns.store(*noted.turn);
    if (!done.ok() && done.error().code == ErrorCode::storage) break;
    stored.push_back(done.ok());
  }
  return stored;
}

}  // namespace omenia::state
