#pragma once
// SseReader: server-sent events out of a stream that may be cut anywhere. Lines end with LF, CRLF or CR; comments and
// fields other than `data` are left out.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"

namespace omenia::providers {

struct SseEvent {
  std::string data;       // The data lines, joined by LF.
  std::int64_t line = 0;  // Of its first data line, counted from 1.
};

class SseReader {
 public:
  // The events that `piece` completes. Error provider_broken for an event over limits::sse_line_bytes_max.
  Result<std::vector<SseEvent>> feed(std::string_view piece);

  // At the end of the stream: the event that no blank line ended.
  std::optional<SseEvent> rest();

 private:
  void take_line(std::vector<SseEvent>& events);

  std::string line_;
  std::int64_t line_number_ = 1;
  SseEvent event_;
  bool has_data_ = false;
  bool after_return_ = false;  // A LF now belongs to the line end before it.
};

}  // namespace omenia::providers
