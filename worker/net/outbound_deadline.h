#pragma once
// OutboundProgress: how far a request has come, and which of its deadlines that breaks. Pure.

#include <cstdint>
#include <optional>
#include <string>

#include "worker/net/outbound.h"

namespace omenia::net {

struct OutboundProgress {
  std::int64_t started_ms = 0;     // All on the steady clock.
  std::int64_t last_piece_ms = 0;  // The last sign of life after the head began.
  bool connected = false;
  bool head_begun = false;
  bool held_back = false;  // Nobody takes the pieces: the sender is not to blame for the silence.
};

// The deadline that is broken, in words that follow "api.example.com:443"; nothing while all hold.
std::optional<std::string> broken_deadline(const Deadlines& deadlines, const OutboundProgress& progress,
                                           std::int64_t now_ms);

// Until the next deadline that can break; nothing when none can.
std::optional<std::int64_t> next_deadline_in_ms(const Deadlines& deadlines, const OutboundProgress& progress,
                                                std::int64_t now_ms);

}  // namespace omenia::net
