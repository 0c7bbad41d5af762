#pragma once
// Deadline: how long a test waits for something that is about to happen. Every wait of the tests is bounded by one; no
// test takes a pause as a proof.

#include <poll.h>

#include <algorithm>

#include "shared/base/clock.h"

namespace omenia::test {

inline constexpr int wait_ms_max = 10'000;
inline constexpr int poll_ms = 2;

class Deadline {
 public:
  explicit Deadline(int wait_ms = wait_ms_max) : end_ms_(steady_ms() + wait_ms) {}
  int remaining_ms() const { return static_cast<int>(std::max<std::int64_t>(0, end_ms_ - steady_ms())); }
  bool passed() const { return remaining_ms() == 0; }

 private:
  std::int64_t end_ms_;
};

// True as soon as `condition()` is, false when it was not within the time.
template <typename Condition>
bool eventually(Condition condition, int wait_ms = wait_ms_max) {
  const Deadline deadline(wait_ms);
  while (!condition()) {
    if (deadline.passed()) return false;
    ::poll(nullptr, 0, poll_ms);
  }
  return true;
}

}  // namespace omenia::test
