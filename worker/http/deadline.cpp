#include "worker/http/deadline.h"

#include <utility>

#include "shared/base/clock.h"

namespace omenia::http {

Deadline::Deadline(Loop& loop, std::function<void()> reached)
    : reached_(std::move(reached)), timer_(loop, [this] { on_timer(); }) {}

void Deadline::set(std::int64_t after_ms) {
  at_ms_ = steady_ms() + after_ms;
  if (timer_at_ms_ <= at_ms_) return;
  timer_at_ms_ = at_ms_;
  timer_.start(after_ms);
}

void Deadline::on_timer() {
  timer_at_ms_ = never;
  if (!is_set()) return;
  const std::int64_t left_ms = at_ms_ - steady_ms();
  if (left_ms > 0) {
    timer_at_ms_ = at_ms_;
    return timer_.start(left_ms);
  }
  clear();
  reached_();
}

}  // namespace omenia::http
