#pragma once
// OutboundHeadReader: the answer's head, from its parts as they arrive. Pure: no I/O.

#include <cstdint>
#include <optional>
#include <string_view>

#include "worker/net/outbound.h"

namespace omenia::net {

class OutboundHeadReader {
 public:
  // Takes one line with its line end. False: the head is larger than the limit.
  bool take(std::string_view line, std::int64_t wall_time_ms);

  // The same from parts that somebody else has told apart.
  void begin(int status);  // Forgets the interim answer (1xx) before it.
  void take_field(std::string_view name, std::string_view value, std::int64_t wall_time_ms);
  void end() { complete_ = head_.status >= 200; }

  bool complete() const { return complete_; }  // The blank line of a final answer (not 1xx) was seen.
  const OutboundHead& head() const { return head_; }

 private:
  OutboundHead head_;
  std::size_t bytes_ = 0;
  bool complete_ = false;
};

// "2" (seconds), "0.5", or an HTTP date; nothing for anything else and for what lies in the past.
std::optional<std::int64_t> retry_after_ms(std::string_view value, std::int64_t wall_time_ms);

}  // namespace omenia::net
