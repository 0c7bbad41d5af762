#include "shared/json/writer.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "shared/base/utf8.h"

namespace omenia {

namespace {

// What can be written as it is. Not so: control characters, the quote, the backslash, and what may be no UTF-8.
constexpr bool is_plain(unsigned char c) {
  return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

// The same of eight bytes at once: no byte of `word` has its high bit, is below 0x20, or is one of the two.
bool are_plain(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
  constexpr std::uint64_t high = 0x80 * ones;
  const auto has_zero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & high; };
  const std::uint64_t below = (word - 0x20 * ones) & ~word & high;
  return ((word & high) | below | has_zero(word ^ ('"' * ones)) | has_zero(word ^ ('\\' * ones))) == 0;
}

std::size_t plain_bytes_of(std::string_view text) {
  std::size_t count = 0;
  for (std::uint64_t word = 0; count + sizeof word <= text.size(); count += sizeof word) {
    std::memcpy(&word, text.data() + count, sizeof word);
    if (!are_plain(word)) break;
  }
  while (count < text.size() && is_plain(static_cast<unsigned char>(text[count]))) ++count;
  return count;
}

// With the characters outside of ASCII.
std::size_t valid_bytes_of(std::string_view text) {
  std::size_t count = plain_bytes_of(text);
  while (count < text.size() && static_cast<unsigned char>(text[count]) >= 0x80) {
    const int length = utf8_sequence_length(text.substr(count));
    if (length <= 0) break;
    count += static_cast<std::size_t>(length);
    count += plain_bytes_of(text.substr(count));
  }
  return count;
}

void append_escaped(std::string& out, unsigned char c) {
  static constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"': out.append("\\\""); return;
    case '\\': out.append("\\\\"); return;
    case '\n': out.append("\\n"); return;
    case '\r': out.append("\\r"); return;
    case '\t': out.append("\\t"); return;
    default: break;
  }
  if (c >= 0x80) {
    out.append("\xEF\xBF\xBD");
  } else {
    out.append("\\u00");
    out.push_back(digits[c >> 4]);
    out.push_back(digits[c & 15]);
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  while (true) {
    const std::size_t valid = valid_bytes_of(text);
    out.append(text.substr(0, valid));
    if (valid == text.size()) break;
    append_escaped(out, static_cast<unsigned char>(text[valid]));
    text.remove_prefix(valid + 1);
  }
  out.push_back('"');
}

void JsonWriter::separate() {
  if (need_comma_) out_.push_back(',');
  need_comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_.push_back(bracket);
  need_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_.push_back(':');
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  separate();
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out_.append(digits, end);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out_.append(digits, end);
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  return raw(flag ? "true" : "false");
}
JsonWriter& JsonWriter::null() {
  return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace omenia
