#pragma once
// Prober: connects to a port again and again on a thread of its own, and counts the refusals.

#include <atomic>
#include <thread>

#include "tests/support/socket.h"

namespace omenia::test {

class Prober {
 public:
  explicit Prober(int port) : running_(std::thread([this, port] { probe(port); })) {}
  ~Prober() { refused(); }
  int refused() {  // Ends it.
    end_ = true;
    if (running_.joinable()) running_.join();
    return refused_;
  }

 private:
  void probe(int port) {
    while (!end_) {
      if (!Socket(port).open()) ++refused_;
      ::poll(nullptr, 0, poll_ms);
    }
  }
  std::atomic<bool> end_ = false;
  std::atomic<int> refused_ = 0;
  std::thread running_;
};

}  // namespace omenia::test
