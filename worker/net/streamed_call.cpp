#include "worker/net/streamed_call.h"

#include <utility>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "worker/net/outbound_failure.h"

namespace omenia::net {

StreamedCall::StreamedCall(Loop& loop, OutboundRequest request, std::stop_token stop)
    : request_(std::move(request)), stop_(std::move(stop)), timer_(loop, [this] { on_timer(); }) {}

void StreamedCall::begin(Result<Endpoint> endpoint) {
  if (stop_.stop_requested()) return finish(aborted());
  if (!endpoint.ok()) return finish(std::move(endpoint).error());
  endpoint_ = std::move(endpoint).value();
  progress_.started_ms = steady_ms();
  on_stop_.emplace(stop_, Stopper{this});
  watch_deadlines();
  start();
}

void StreamedCall::end_within(std::int64_t time_ms) {
  if (over_) return;
  request_.deadlines = Deadlines{.total_ms = steady_ms() - progress_.started_ms + time_ms};
  watch_deadlines();
}

Task<Result<OutboundHead>> StreamedCall::head() {
  while (!head_.complete() && !over_) {
    auto changed = change();
    co_await std::move(changed);
  }
  if (stop_.stop_requested()) co_return aborted();
  if (head_.complete()) co_return head_.head();
  co_return *error_;
}

Task<Result<std::string>> StreamedCall::piece() {
  while (unread_.empty() && !over_) {
    auto changed = change();
    co_await std::move(changed);
  }
  if (stop_.stop_requested()) co_return aborted();
  if (!unread_.empty()) {
    std::string piece = std::exchange(unread_, {});
    resume_sender();
    co_return piece;
  }
  if (error_) co_return *error_;
  co_return std::string();
}

void StreamedCall::note_life() {
  progress_.last_piece_ms = steady_ms();
  if (!std::exchange(progress_.head_begun, true)) watch_deadlines();
}

void StreamedCall::take(std::string_view body) {
  unread_.append(body);
  body_bytes_ += body.size();
}

bool StreamedCall::is_full() {
  if (unread_.size() < limits::outbound_buffer_bytes_max) return false;
  progress_.held_back = true;
  return true;
}

void StreamedCall::finish(std::optional<Error> error) {
  over_ = true;
  error_ = std::move(error);
  timer_.stop();
}

void StreamedCall::finish_aside(Error error) {
  finish(std::move(error));
  timer_.start(0);
}

Pending<bool> StreamedCall::change() {
  Pending<bool> pending;
  waiting_.emplace(pending.resolver());
  return pending;
}

void StreamedCall::wake() {
  if (!waiting_) return;
  const Resolver<bool> waiting = *std::exchange(waiting_, std::nullopt);
  waiting.resolve(true);  // Who is resumed may destroy this call.
}

void StreamedCall::stop_now() {
  if (over_) {
    timer_.start(0);
  } else {
    drop();
    finish_aside(aborted());
  }
}

// Wakes who waits, when the call is over; else looks after the deadlines. The timer is not moved with every piece: when
// it fires it is set again for what is left.
void StreamedCall::on_timer() {
  if (over_) return wake();
  progress_.connected = is_connected();
  if (const auto broken = broken_deadline(request_.deadlines, progress_, steady_ms())) {
    drop();
    finish(fail(ErrorCode::provider_timeout, endpoint_.text() + " " + *broken));
    return wake();
  }
  watch_deadlines();
}

void StreamedCall::watch_deadlines() {
  if (const auto delay = next_deadline_in_ms(request_.deadlines, progress_, steady_ms())) timer_.start(*delay);
}

void StreamedCall::resume_sender() {
  if (!progress_.held_back || over_) return;
  progress_.held_back = false;
  progress_.last_piece_ms = steady_ms();
  watch_deadlines();
  resume();
}

}  // namespace omenia::net
