#include "worker/net/outbound_deadline.h"

#include <algorithm>
#include <array>

namespace omenia::net {

namespace {

struct Deadline {
  std::int64_t limit_ms;
  std::int64_t since_ms;
  bool applies;
  const char* words;  // The value follows.
};

std::array<Deadline, 4> deadlines_in_force(const Deadlines& deadlines, const OutboundProgress& progress) {
  return {{{deadlines.connect_ms, progress.started_ms, !progress.connected && !progress.head_begun,
            "was not connected within the connect deadline of "},
           {deadlines.first_byte_ms, progress.started_ms, !progress.head_begun,
            "sent nothing within the first-byte deadline of "},
           {deadlines.idle_ms, progress.last_piece_ms, progress.head_begun && !progress.held_back,
            "stopped sending for longer than the idle deadline of "},
           {deadlines.total_ms, progress.started_ms, true, "did not finish within the total deadline of "}}};
}

}  // namespace

std::optional<std::string> broken_deadline(const Deadlines& deadlines, const OutboundProgress& progress,
                                           std::int64_t now_ms) {
  for (const Deadline& deadline : deadlines_in_force(deadlines, progress))
    if (deadline.applies && deadline.limit_ms > 0 && now_ms - deadline.since_ms >= deadline.limit_ms)
      return deadline.words + std::to_string(deadline.limit_ms) + " ms";
  return std::nullopt;
}

std::optional<std::int64_t> next_deadline_in_ms(const Deadlines& deadlines, const OutboundProgress& progress,
                                                std::int64_t now_ms) {
  std::optional<std::int64_t> next;
  for (const Deadline& deadline : deadlines_in_force(deadlines, progress)) {
    if (deadline.limit_ms <= 0 || !deadline.applies) continue;
    const std::int64_t left = std::max<std::int64_t>(0, deadline.since_ms + deadline.limit_ms - now_ms);
    next = next ? std::min(*next, left) : left;
  }
  return next;
}

}  // namespace omenia::net
