#pragma once
// SseReader: server-sent events out of a stream that may be cut anywhere.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"

namespace omenia::providers {

class SseReader {
 public:
  // The data of each event that `piece` completes; comments and other fields are left out. Lines end with LF, CRLF or
  // CR. Error provider_broken for a line over limits::sse_line_bytes_max.
  Result<std::vector<std::string>> feed(std::string_view piece);

  // At the end of the stream: the data of an event that no blank line ended; empty when there is none.
  std::string rest();

 private:
  void line(std::vector<std::string>& events);

  std::string line_;
  std::string data_;
  bool has_data_ = false;
  bool after_return_ = false;  // A LF now belongs to the line end before it.
};

}  // namespace omenia::providers
