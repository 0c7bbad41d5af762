#include "state/store.h"

#include <atomic>
#include <vector>

#include "shared/base/ensure.h"
#include "shared/base/limits.h"
#include "shared/base/queue_thread.h"
#include "state/database.h"
#include "state/files.h"
#include "state/journal.h"
#include "state/migrations.h"
#include "state/noted_turns.h"
#include "state/reader.h"
#include "state/writer.h"

namespace omenia::state {

namespace {

std::string folder_in(const std::string& directory) {
  return directory + "/state";
}

// A unit of work that stores what journals of processes that are gone have. Their files go when that is committed.
struct Leavings {
  std::vector<LeftJournal> journals;  // Those whose turns are all stored.
  TakenOver taken;

  // They are looked for within the transaction: who comes second waits for it, and then finds what the first has
  // stored.
  Result<bool> store(Tables& tables, const std::string& folder) {
    LeftJournal::Found found = LeftJournal::all_in(folder);
    for (const std::string& path : found.unreadable) taken.problems.push_back(path + " is no journal of this release");
    for (LeftJournal& journal : found.journals) {
      TRY_ASSIGN(const bool all, store(tables, journal));
      if (all) journals.push_back(std::move(journal));
    }
    return true;
  }
  Result<bool> store(Tables& tables, const LeftJournal& journal) {
    bool all = true;
    for (const std::string& record : journal.records()) {
      const auto turn = turn_in(record);
      const Result<void> stored = turn.ok() ? tables.turns.store(turn.value()) : Result<void>(turn.error());
      if (turn.ok() && !stored.ok() && stored.error().code == ErrorCode::storage) return stored.error();
      if (!stored.ok()) taken.problems.push_back(journal.path() + ": " + stored.error().message);
      stored.ok() ? static_cast<void>(++taken.turns) : static_cast<void>(all = false);
    }
    return all;
  }
};

}  // namespace

// What the two threads work on, and their way back to the loop. The threads end first, with the jobs they have.
struct Store::Threads {
  Threads(StoreOptions given, std::unique_ptr<Database> database)
      : options(std::move(given)), path(database->path()), writer(std::move(database)), reader(path) {
    writing.emplace(
        limits::store_queue_max, limits::store_batch_max, [this](std::vector<Job> group) { write(std::move(group)); },
        QueueThread<Job>::Idle{std::chrono::milliseconds(limits::store_idle_ms), [this] { return look_after(); }});
    reading.emplace(limits::store_queue_max, 1, [this](std::vector<Job> batch) { read(std::move(batch)); });
  }
  ~Threads() {
    *closed = true;
    writing.reset();
    reading.reset();
    if (noted) noted->finish([this](const std::vector<Job>& group) { return writer.commit(group); });
  }

  void write(std::vector<Job> group);
  void read(std::vector<Job> batch);
  bool look_after();
  void tell_health();
  void answer(std::vector<Job> jobs, Result<void> commit);

  const StoreOptions options;
  const std::string path;
  const std::shared_ptr<std::atomic<bool>> closed = std::make_shared<std::atomic<bool>>(false);
  Writer writer;
  Reader reader;
  bool told_writable = true;  // Of the writer thread.
  std::optional<QueueThread<Job>> writing;
  std::optional<QueueThread<Job>> reading;
  std::optional<NotedTurns> noted;
};

// The answers leave before the log is looked after, which may take a sync of its own.
void Store::Threads::write(std::vector<Job> group) {
  Result<void> commit = writer.commit(group);
  tell_health();
  answer(std::move(group), std::move(commit));
  writer.look_after_what_is_due();
  tell_health();
}

bool Store::Threads::look_after() {
  const bool has_more = writer.look_after();
  tell_health();
  return has_more;
}

void Store::Threads::read(std::vector<Job> batch) {
  if (*closed) return;
  Result<void> outcome = reader.run(batch.front());
  answer(std::move(batch), std::move(outcome));
}

void Store::Threads::tell_health() {
  StoreHealth health = writer.health();
  if (health.writable == std::exchange(told_writable, health.writable)) return;
  if (*closed || !options.health_changed) return;
  options.post([closed = closed, changed = options.health_changed, health = std::move(health)] {
    if (!*closed) changed(health);
  });
}

// One post for the whole group. An answer may end the store: the rest is dropped then.
void Store::Threads::answer(std::vector<Job> jobs, Result<void> commit) {
  if (*closed) return;
  options.post([closed = closed, jobs = std::move(jobs), commit = std::move(commit)] {
    for (const Job& job : jobs) {
      if (*closed) return;
      job.answer(commit);
    }
  });
}

Result<std::unique_ptr<Store>> Store::open(StoreOptions options) {
  ensure(!options.directory.empty() && options.post, "a store has a directory and a loop");
  const std::string folder = folder_in(options.directory);
  const std::string path = folder + "/OmeniaClaw.sqlite";
  TRY(make_private_folder(folder));
  TRY(make_private_file(path));
  TRY_ASSIGN(auto database, Database::open(path, Database::Access::write));
  TRY(migrate(*database, release_scripts()));
  auto threads = std::make_unique<Threads>(std::move(options), std::move(database));
  return std::unique_ptr<Store>(new Store(std::move(threads)));
}

Store::Store(std::unique_ptr<Threads> threads) : threads_(std::move(threads)) {
  const StoreOptions& options = threads_->options;
  if (!options.loop) return;
  threads_->noted.emplace(*options.loop, folder_in(options.directory),
                          [this](Job job) { return threads_->writing->submit(job); });
}

Store::~Store() = default;

const std::string& Store::path() const {
  return threads_->path;
}

StoreHealth Store::health() const {
  return threads_->writer.health();
}

bool Store::note(std::shared_ptr<const TurnRow> turn) {
  return threads_->noted && health().writable && threads_->noted->note(std::move(turn));
}

void Store::hand_over_noted() {
  if (threads_->noted) threads_->noted->hand_over();
}

Pending<Result<TakenOver>> Store::take_over_journals() {
  Pending<Result<TakenOver>> answer;
  const auto left = std::make_shared<Leavings>();
  const auto stored = std::make_shared<Result<bool>>(false);
  enqueue(Kind::write, Job{[left, stored, folder = folder_in(threads_->options.directory)](Tables& tables) {
                             *stored = left->store(tables, folder);
                             return stored->ok();
                           },
                           [left, stored, resolver = answer.resolver()](const Result<void>& commit) {
                             if (!commit.ok()) return resolver.resolve(commit.error());
                             if (!stored->ok()) return resolver.resolve(stored->error());
                             for (LeftJournal& journal : left->journals) journal.remove();
                             resolver.resolve(std::move(left->taken));
                           },
                           Durability::synced});
  return answer;
}

// What was noted comes first.
void Store::enqueue(Kind kind, Job job) {
  auto& noted = threads_->noted;
  if (!noted || !noted->is_behind()) return give(kind, std::move(job));
  if (health().writable) noted->give_again();
  noted->hand_over();
  if (kind == Kind::write) return give(kind, std::move(job));
  noted->when_answered([this, closed = threads_->closed, job = std::move(job)] {
    if (!*closed) give(Kind::read, job);
  });
}

void Store::give(Kind kind, Job job) {
  QueueThread<Job>& thread = kind == Kind::write ? *threads_->writing : *threads_->reading;
  if (thread.submit(job)) return;
  Error full = fail(ErrorCode::unavailable, "The state store has too much to do at the moment; try again.");
  full.retry_after_ms = limits::store_retry_ms;
  job.answer(full);
}

}  // namespace omenia::state
