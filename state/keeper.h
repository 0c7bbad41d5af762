#pragma once
// Keeper: looks after the database's log on a thread and a connection of its own while the writer is busy, so that no
// write waits for it: the sync of what was answered without one, and the move of a grown log into the file.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/queue_thread.h"
#include "state/database.h"

namespace omenia::state {

class Keeper {
 public:
  explicit Keeper(std::string path) : path_(std::move(path)) {}

  bool is_free() const;
  void wait_until_free();

  // Syncs what is in the log now and, when it has grown, moves it into the file. Only while it is free.
  void look_after(bool has_grown);

  // What went wrong with that, once: what the disk has is not known then.
  std::optional<DatabaseFailure> take_failure();

 private:
  struct Order {
    bool has_grown = false;
  };
  Result<void> carry_out(const Order& order);
  void handle(const Order& order);

  const std::string path_;
  std::unique_ptr<Database> database_;  // The thread's; null until it is needed.
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  bool free_ = true;
  std::optional<DatabaseFailure> failure_;
  QueueThread<Order> thread_{1, 1, [this](std::vector<Order> orders) { handle(orders.front()); }};
};

}  // namespace omenia::state
