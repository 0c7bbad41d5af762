#include "shared/json/json5_cursor.h"

#include <algorithm>

#include "shared/base/utf8.h"
#include "shared/json/writer.h"

namespace omenia::json5 {

namespace {

constexpr std::string_view line_separator = "\u2028";
constexpr std::string_view paragraph_separator = "\u2029";
constexpr std::string_view wide_blanks[] = {"\u00A0", "\uFEFF", "\u1680", "\u2000", "\u2001", "\u2002",
                                            "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
                                            "\u2009", "\u200A", "\u202F", "\u205F", "\u3000"};

}  // namespace

std::string_view Cursor::character() const {
  if (at_end()) return {};
  return text_.substr(position_, static_cast<std::size_t>(std::max(1, utf8_sequence_length(text_.substr(position_)))));
}

void Cursor::advance(std::size_t bytes) {
  for (const std::size_t target = std::min(position_ + bytes, text_.size()); position_ < target;) {
    const bool line_ends = peek() == '\n' || (peek() == '\r' && !starts_with("\r\n")) || starts_with(line_separator) ||
                           starts_with(paragraph_separator);
    position_ += character().size();
    if (!line_ends) continue;
    ++line_;
    line_start_ = position_;
  }
}

bool Cursor::accept(char c) {
  if (at_end() || peek() != c) return false;
  advance();
  return true;
}

bool Cursor::at_line_end() const {
  return peek() == '\n' || peek() == '\r' || starts_with(line_separator) || starts_with(paragraph_separator);
}

void Cursor::skip_line_end() {
  advance(starts_with("\r\n") ? 2 : character().size());
}

bool Cursor::at_blank() const {
  if (at_end()) return false;
  const char c = peek();
  if (c == ' ' || (c >= '\t' && c <= '\r')) return true;
  if (static_cast<unsigned char>(c) < 0x80) return false;
  return at_line_end() ||
         std::any_of(std::begin(wide_blanks), std::end(wide_blanks), [this](auto blank) { return starts_with(blank); });
}

Result<void> Cursor::skip_blank() {
  for (;;) {
    if (at_blank()) {
      advance(character().size());
    } else if (starts_with("//") || starts_with("/*")) {
      TRY(skip_comment());
    } else {
      return {};
    }
  }
}

Result<void> Cursor::skip_comment() {
  if (starts_with("//")) {
    while (!at_end() && !at_line_end()) advance(character().size());
    return {};
  }
  const Cursor start = *this;
  advance(2);
  while (!at_end() && !starts_with("*/")) advance(character().size());
  if (at_end()) return start.failure("a comment is not closed");
  advance(2);
  return {};
}

int Cursor::column() const {
  const std::string_view before = text_.substr(line_start_, position_ - line_start_);
  return 1 + static_cast<int>(std::count_if(before.begin(), before.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

Error Cursor::failure(const std::string& what) const {
  const std::string line = std::to_string(line_);
  const std::string column = std::to_string(this->column());
  return {.code = ErrorCode::invalid_request,
          .message = "JSON5 parse failed: " + what + " at " + line + ":" + column,
          .details = R"({"line":)" + line + R"(,"column":)" + column + "}"};
}

std::string Cursor::found() const {
  if (at_end()) return "the end";
  std::string quoted;
  append_json_string(quoted, character());
  return quoted;
}

}  // namespace omenia::json5
