#include "state/keeper.h"

#include <utility>

namespace omenia::state {

bool Keeper::is_free() const {
  const std::lock_guard lock(mutex_);
  return free_;
}

void Keeper::wait_until_free() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return free_; });
}

void Keeper::look_after(bool has_grown) {
  {
    const std::lock_guard lock(mutex_);
    free_ = false;
  }
  Order order{has_grown};
  if (thread_.submit(order)) return;
  handle(order);  // The system gives no thread.
}

std::optional<Keeper::Outcome> Keeper::take_outcome() {
  const std::lock_guard lock(mutex_);
  return std::exchange(outcome_, std::nullopt);
}

void Keeper::handle(const Order& order) {
  Outcome outcome = carry_out(order);
  {
    const std::lock_guard lock(mutex_);
    free_ = true;
    outcome_ = std::move(outcome);
  }
  freed_.notify_all();
}

// A checkpoint that somebody else is at just now is theirs.
Keeper::Outcome Keeper::carry_out(const Order& order) {
  Outcome outcome;
  if (!connect().ok()) return outcome;
  outcome.synced = database_->sync_log().ok();
  if (outcome.synced && order.has_grown) [[maybe_unused]]
    const auto moved = database_->checkpoint();
  outcome.failure = database_->take_disk_failure();
  if (outcome.failure) database_.reset();
  return outcome;
}

// The file may be another one since the last time: what was put back in its place after it had been moved.
Result<void> Keeper::connect() {
  if (database_ && !database_->check_place().ok()) database_.reset();
  if (database_) return {};
  TRY_ASSIGN(database_, Database::open(path_, Database::Access::write));
  return {};
}

}  // namespace omenia::state
