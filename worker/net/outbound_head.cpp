#include "worker/net/outbound_head.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <string>

#include "shared/base/ascii.h"
#include "shared/base/limits.h"

namespace omenia::net {

namespace {

constexpr double retry_after_ms_max = 7.0 * 24 * 3600 * 1000;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// The number in units of `unit_ms`; nothing when the text is no number or out of range.
std::optional<std::int64_t> duration_ms(std::string_view text, double unit_ms) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(number) || number < 0)
    return std::nullopt;
  return static_cast<std::int64_t>(std::min(std::ceil(number * unit_ms), retry_after_ms_max));
}

int status_of(std::string_view status_line) {
  const auto blank = status_line.find(' ');
  if (blank == std::string_view::npos) return 0;
  int status = 0;
  std::from_chars(status_line.data() + blank + 1, status_line.data() + status_line.size(), status);
  return status;
}

}  // namespace

bool OutboundHeadReader::take(std::string_view line, std::int64_t wall_time_ms) {
  if (complete_) return true;  // Trailers.
  bytes_ += line.size();
  if (bytes_ > limits::outbound_head_bytes_max) return false;
  const std::string_view content = trimmed(line);
  if (content.starts_with("HTTP/")) {
    begin(status_of(content));
  } else if (content.empty()) {
    end();
  } else if (const auto colon = content.find(':'); colon != std::string_view::npos) {
    take_field(content.substr(0, colon), trimmed(content.substr(colon + 1)), wall_time_ms);
  }
  return true;
}

void OutboundHeadReader::begin(int status) {
  head_ = OutboundHead{};
  head_.status = status;
}

void OutboundHeadReader::take_field(std::string_view name, std::string_view value, std::int64_t wall_time_ms) {
  if (same_but_for_case(name, "content-type")) {
    head_.content_type = lowered(trimmed(value.substr(0, value.find(';'))));
  } else if (same_but_for_case(name, "location")) {
    head_.location = value;
  } else if (same_but_for_case(name, "retry-after-ms")) {
    if (const auto wait = duration_ms(value, 1)) head_.retry_after_ms = wait;
  } else if (same_but_for_case(name, "retry-after") && !head_.retry_after_ms) {
    head_.retry_after_ms = retry_after_ms(value, wall_time_ms);
  }
}

std::optional<std::int64_t> retry_after_ms(std::string_view value, std::int64_t wall_time_ms) {
  if (const auto wait = duration_ms(value, 1000)) return wait;
  std::tm date{};
  const std::string text(value);
  const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (!end || *end != '\0') return std::nullopt;
  const std::int64_t wait = static_cast<std::int64_t>(::timegm(&date)) * 1000 - wall_time_ms;
  if (wait < 0) return std::nullopt;
  return std::min(wait, static_cast<std::int64_t>(retry_after_ms_max));
}

}  // namespace omenia::net
