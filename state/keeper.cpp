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

std::optional<DatabaseFailure> Keeper::take_failure() {
  const std::lock_guard lock(mutex_);
  return std::exchange(failure_, std::nullopt);
}

void Keeper::handle(const Order& order) {
  const Result<void> done = carry_out(order);
  std::optional<DatabaseFailure> failure;
  if (!done.ok()) {
    if (database_) failure = database_->take_disk_failure();
    if (!failure) failure = DatabaseFailure{done.error(), Aftermath::reopen};
    database_.reset();
  }
  {
    const std::lock_guard lock(mutex_);
    free_ = true;
    if (failure) failure_ = std::move(failure);
  }
  freed_.notify_all();
}

// The file may be another one since the last time: what was put back in its place after it had been moved.
Result<void> Keeper::carry_out(const Order& order) {
  if (database_ && !database_->check_place().ok()) database_.reset();
  if (!database_) {
    TRY_ASSIGN(database_, Database::open(path_, Database::Access::write));
  }
  TRY(database_->sync_log());
  if (!order.has_grown) return {};
  TRY(database_->checkpoint());
  return {};
}

}  // namespace omenia::state
