#pragma once
// Deadline: a moment that is moved often and reached rarely. Moving it later costs nothing: the timer below is only
// started again when it fires too early.

#include <cstdint>
#include <functional>

#include "shared/loop/loop.h"

namespace omenia::http {

class Deadline {
 public:
  Deadline(Loop& loop, std::function<void()> reached);

  void set(std::int64_t after_ms);
  void clear() { at_ms_ = never; }
  bool is_set() const { return at_ms_ != never; }

 private:
  static constexpr std::int64_t never = INT64_MAX;
  void on_timer();

  std::function<void()> reached_;
  Timer timer_;
  std::int64_t at_ms_ = never;
  std::int64_t timer_at_ms_ = never;  // When the timer fires; never: it is not running.
};

}  // namespace omenia::http
