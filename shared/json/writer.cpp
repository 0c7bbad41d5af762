#include "shared/json/writer.h"

#include <algorithm>
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

template <typename Word>
Word word_at(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Whether all of a text is plain. Its last words overlap.
bool is_all_plain(std::string_view text) {
  constexpr std::size_t word_bytes = sizeof(std::uint64_t);
  const char* const end = text.data() + text.size();
  if (text.size() < word_bytes / 2)
    return std::all_of(text.begin(), text.end(), [](char c) { return is_plain(static_cast<unsigned char>(c)); });
  if (text.size() < word_bytes) {
    const std::uint64_t low = word_at<std::uint32_t>(text.data());
    const std::uint64_t high = word_at<std::uint32_t>(end - word_bytes / 2);
    return are_plain(low | high << 32);
  }
  for (const char* at = text.data(); at < end - word_bytes; at += word_bytes)
    if (!are_plain(word_at<std::uint64_t>(at))) return false;
  return are_plain(word_at<std::uint64_t>(end - word_bytes));
}

std::size_t plain_bytes_of(std::string_view text) {
  std::size_t count = 0;
  while (count + sizeof(std::uint64_t) <= text.size() && are_plain(word_at<std::uint64_t>(text.data() + count)))
    count += sizeof(std::uint64_t);
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

// A text that is short and plain, as nearly every name and most values are: put together here and appended at once.
class ShortText {
 public:
  ShortText(bool comma, std::string_view text, std::string_view after) {
    if (text.size() > short_bytes_max || !is_all_plain(text)) return;
    char* end = json_;
    if (comma) *end++ = ',';
    *end++ = '"';
    end += text.copy(end, text.size());
    *end++ = '"';
    if (!after.empty()) *end++ = after.front();
    size_ = static_cast<std::size_t>(end - json_);
  }
  bool fits() const { return size_ > 0; }
  std::string_view json() const { return {json_, size_}; }

 private:
  static constexpr std::size_t short_bytes_max = 60;
  char json_[short_bytes_max + 4];
  std::size_t size_ = 0;
};

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
  if (ShortText text(need_comma_, name, ":"); text.fits()) {
    out_.append(text.json());
  } else {
    separate();
    append_json_string(out_, name);
    out_.push_back(':');
  }
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  if (ShortText quoted(need_comma_, text, ""); quoted.fits()) {
    out_.append(quoted.json());
    need_comma_ = true;
  } else {
    separate();
    append_json_string(out_, text);
  }
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
