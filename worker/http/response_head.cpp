#include "worker/http/response_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "worker/http/characters.h"

namespace omenia::http {

namespace {

bool is_token(std::string_view text) {
  return !text.empty() && token_characters.contain_all_of(text);
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

bool is_written_here(std::string_view name) {
  constexpr std::array<std::string_view, 5> names = {"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive",
                                                     "Date"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view ours) { return same_token(ours, name); });
}

bool is_among(const std::vector<Header>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [&](const Header& h) { return same_token(h.name, name); });
}

template <typename Number>
void append_number(std::string& text, Number number) {
  char digits[24];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

std::string date_line(std::time_t time) {
  constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  char line[64];
  const int length =
      std::snprintf(line, sizeof line, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n", days[utc.tm_wday], utc.tm_mday,
                    months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
  return {line, static_cast<std::size_t>(length)};
}

}  // namespace

ResponseHead::ResponseHead(CommonHeaders common, int keep_alive_idle_ms) : common_(std::move(common)) {
  // One second less than is kept, so that a client does not send into a connection that is being closed.
  const int seconds = std::max(0, keep_alive_idle_ms / 1000 - 1);
  kept_ = "Connection: keep-alive\r\nKeep-Alive: timeout=" + std::to_string(seconds) + "\r\n";
}

std::string_view ResponseHead::render(const Shape& shape, const std::vector<Header>& headers,
                                      const std::vector<Header>& of_request) {
  text_.clear();
  add_status_line(shape.status);
  add_headers(headers);
  add_missing(of_request, headers);
  if (common_) add_missing(*common_(), headers);
  add_date();
  text_ += shape.keep_alive ? std::string_view(kept_) : std::string_view("Connection: close\r\n");
  add_framing(shape);
  text_ += "\r\n";
  return text_;
}

void ResponseHead::add_status_line(int status) {
  text_ += "HTTP/1.1 ";
  append_number(text_, status);
  text_ += ' ';
  text_ += reason_phrase(status);
  text_ += "\r\n";
}

void ResponseHead::add_date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_of_) {
    date_ = date_line(now);
    date_of_ = now;
  }
  text_ += date_;
}

void ResponseHead::add_framing(const Shape& shape) {
  if (shape.framing == Framing::chunked) text_ += "Transfer-Encoding: chunked\r\n";
  if (shape.framing != Framing::length) return;
  text_ += "Content-Length: ";
  append_number(text_, shape.body_bytes);
  text_ += "\r\n";
}

void ResponseHead::add_headers(const std::vector<Header>& headers) {
  for (const Header& header : headers) add_header(header);
}

void ResponseHead::add_missing(const std::vector<Header>& headers, const std::vector<Header>& present) {
  for (const Header& header : headers)
    if (!is_among(present, header.name)) add_header(header);
}

void ResponseHead::add_header(const Header& header) {
  if (!is_token(header.name) || is_written_here(header.name)) return;
  text_ += header.name;
  text_ += ": ";
  const std::size_t value_start = text_.size();
  text_ += header.value;
  std::replace_if(text_.begin() + static_cast<std::ptrdiff_t>(value_start), text_.end(), is_control, ' ');
  text_ += "\r\n";
}

}  // namespace omenia::http
