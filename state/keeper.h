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

  struct Outcome {
    bool synced = false;
    std::optional<DatabaseFailure> failure;  // Of the disk.
  };
  // What became of the last look, once it is known, and once.
  std::optional<Outcome> take_outcome();

 private:
  struct Order {
    bool has_grown = false;
  };
  Outcome carry_out(const Order& order);
  Result<void> connect();
  void handle(const Order& order);

  const std::string path_;
  std::unique_ptr<Database> database_;  // The thread's; null until it is needed.
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  bool free_ = true;
  std::optional<Outcome> outcome_;
  QueueThread<Order> thread_{1, 1, [this](std::vector<Order> orders) { handle(orders.front()); }};
};

}  // namespace omenia::state
