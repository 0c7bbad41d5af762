#include "worker/providers/sse.h"

#include <utility>

#include "shared/base/limits.h"

namespace omenia::providers {

Result<std::vector<std::string>> SseReader::feed(std::string_view piece) {
  std::vector<std::string> events;
  for (const char c : piece) {
    const bool second_half = c == '\n' && std::exchange(after_return_, c == '\r');
    if (c != '\n' && c != '\r') {
      line_.push_back(c);
      if (line_.size() + data_.size() > limits::sse_line_bytes_max)
        return fail(ErrorCode::provider_broken,
                    "sent an event longer than " + std::to_string(limits::sse_line_bytes_max) + " bytes");
      after_return_ = false;
      continue;
    }
    after_return_ = c == '\r';
    if (!second_half) line(events);
  }
  return events;
}

std::string SseReader::rest() {
  std::vector<std::string> events;
  if (!line_.empty()) line(events);
  has_data_ = false;
  return std::exchange(data_, {});
}

// A blank line ends an event; "data: x" adds a line to it.
void SseReader::line(std::vector<std::string>& events) {
  const std::string text = std::exchange(line_, {});
  if (text.empty()) {
    if (std::exchange(has_data_, false)) events.push_back(std::exchange(data_, {}));
    return;
  }
  constexpr std::string_view field = "data:";
  if (!text.starts_with(field)) return;
  std::string_view value = std::string_view(text).substr(field.size());
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (has_data_) data_.push_back('\n');
  data_.append(value);
  has_data_ = true;
}

}  // namespace omenia::providers
