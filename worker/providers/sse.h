#pragma once
// SseReader: server-sent events out of a stream that may be cut anywhere. Lines end with LF, CRLF or CR; comments and
// fields other than `data` are left out.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace omenia::providers {

struct SseEvent {
  std::string data;       // The data lines, joined by LF.
  std::int64_t line = 0;  // Of its first data line, counted from 1.
};

class SseReader {
 public:
  using Take = std::function<Result<void>(const SseEvent&)>;

  // Gives `take` each event that `piece` completes. Errors: those of `take`, with which the stream ends, and
  // provider_broken for an event over limits::sse_line_bytes_max.
  Result<void> feed(std::string_view piece, const Take& take);

  // At the end of the stream: the event that no blank line ended.
  Result<void> finish(const Take& take);

 private:
  bool end_line(std::string_view rest);
  bool take_line(std::string_view line);
  Result<void> end_event(const Take& take);

  std::string begun_;  // A line of which the end has not come.
  std::int64_t line_number_ = 1;
  SseEvent event_;
  bool has_data_ = false;
  bool after_return_ = false;  // A LF now belongs to the line end before it.
};

}  // namespace omenia::providers
