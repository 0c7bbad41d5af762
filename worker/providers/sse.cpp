#include "worker/providers/sse.h"

#include <algorithm>
#include <utility>

#include "shared/base/limits.h"

namespace omenia::providers {

namespace {
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view data_field = "data:";

// Of the first CR or LF. Two searches of the library's are faster than one that compares each byte with both; neither
// may look far beyond the other's find.
std::size_t line_end_in(std::string_view piece) {
  constexpr std::size_t window_bytes = 256;
  for (std::size_t start = 0; start < piece.size(); start += window_bytes) {
    const std::string_view window = piece.substr(start, window_bytes);
    const auto feed = window.find('\n');
    const auto end = std::min(feed, window.substr(0, feed).find('\r'));
    if (end != std::string_view::npos) return start + end;
  }
  return std::string_view::npos;
}
}  // namespace

Result<void> SseReader::feed(std::string_view piece, const Take& take) {
  while (!piece.empty()) {
    if (std::exchange(after_return_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const auto end = line_end_in(piece);
    const std::string_view rest = piece.substr(0, end);
    if (begun_.size() + rest.size() + event_.data.size() > limits::sse_line_bytes_max)
      return fail(ErrorCode::provider_broken, "sent an event of more than " +
                                                  std::to_string(limits::sse_line_bytes_max) + " bytes in line " +
                                                  std::to_string(line_number_) + " of its stream");
    if (end == std::string_view::npos) {
      begun_.append(rest);
      break;
    }
    after_return_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    if (end_line(rest)) TRY(end_event(take));
  }
  return {};
}

Result<void> SseReader::finish(const Take& take) {
  if (!begun_.empty()) end_line({});
  return end_event(take);
}

// Takes the line that ends with `rest`; most come whole. True: it is blank, which ends an event.
bool SseReader::end_line(std::string_view rest) {
  if (begun_.empty()) return take_line(rest);
  return take_line(std::exchange(begun_, {}).append(rest));
}

// "data: x" adds a line to the event.
bool SseReader::take_line(std::string_view line) {
  const std::int64_t number = line_number_++;
  if (number == 1 && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  if (line.empty()) return true;
  if (!line.starts_with(data_field)) return false;
  line.remove_prefix(data_field.size());
  if (line.starts_with(' ')) line.remove_prefix(1);
  if (std::exchange(has_data_, true)) {
    event_.data.push_back('\n');
  } else {
    event_.line = number;
  }
  event_.data.append(line);
  return false;
}

Result<void> SseReader::end_event(const Take& take) {
  if (!std::exchange(has_data_, false)) return {};
  auto taken = take(event_);
  event_.data.clear();
  return taken;
}

}  // namespace omenia::providers
