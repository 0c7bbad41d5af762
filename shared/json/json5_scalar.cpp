#include "shared/json/json5_scalar.h"

#include <cctype>
#include <charconv>
#include <cstdint>

namespace omenia::json5 {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  }
}

Result<std::uint32_t> read_hex(Cursor& cursor, int digits) {
  const std::size_t start = cursor.position();
  for (int i = 0; i < digits && !cursor.at_end(); ++i) cursor.advance(cursor.character().size());
  const std::string_view text = cursor.since(start);
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (problem != std::errc() || end != text.data() + digits)
    return cursor.failure("an escape needs " + std::to_string(digits) + " hexadecimal digits");
  return value;
}

// After "\u". Two escapes make one character above U+FFFF.
Result<std::uint32_t> read_unicode_escape(Cursor& cursor) {
  TRY_ASSIGN(const std::uint32_t first, read_hex(cursor, 4));
  if (first < 0xD800 || first > 0xDFFF) return first;
  if (first > 0xDBFF || !cursor.starts_with("\\u")) return cursor.failure("half of a surrogate pair");
  cursor.advance(2);
  TRY_ASSIGN(const std::uint32_t second, read_hex(cursor, 4));
  if (second < 0xDC00 || second > 0xDFFF) return cursor.failure("half of a surrogate pair");
  return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

Result<void> append_code(std::string& out, std::uint32_t code, const Cursor& cursor) {
  if (code == 0) return cursor.failure("a string may not hold a NUL character");
  append_utf8(out, code);
  return {};
}

// After the backslash.
Result<void> read_escape(Cursor& cursor, std::string& out) {
  if (cursor.at_end()) return cursor.failure("a string is not closed");
  if (cursor.at_line_end()) {
    cursor.skip_line_end();
    return {};
  }
  const std::string_view written = cursor.character();
  cursor.advance(written.size());
  switch (written[0]) {
    case 'b': out.push_back('\b'); return {};
    case 'f': out.push_back('\f'); return {};
    case 'n': out.push_back('\n'); return {};
    case 'r': out.push_back('\r'); return {};
    case 't': out.push_back('\t'); return {};
    case 'v': out.push_back('\v'); return {};
    case '0': return append_code(out, 0, cursor);
    case 'x': {
      TRY_ASSIGN(const std::uint32_t code, read_hex(cursor, 2));
      return append_code(out, code, cursor);
    }
    case 'u': {
      TRY_ASSIGN(const std::uint32_t code, read_unicode_escape(cursor));
      return append_code(out, code, cursor);
    }
    default: break;
  }
  if (is_digit(written[0])) return cursor.failure("a digit after a backslash has no meaning");
  out.append(written);
  return {};
}

Result<std::string> read_bare_name(Cursor& cursor) {
  std::string name;
  while (starts_word(cursor) || is_digit(cursor.peek())) {
    if (cursor.accept('\\')) {
      if (!cursor.accept('u')) return cursor.failure("a name without quotes knows no escape but \\u");
      TRY_ASSIGN(const std::uint32_t code, read_unicode_escape(cursor));
      TRY(append_code(name, code, cursor));
    } else {
      name.append(cursor.character());
      cursor.advance(cursor.character().size());
    }
  }
  return name;
}

Result<double> read_hex_number(Cursor& cursor) {
  cursor.advance(2);
  const std::size_t start = cursor.position();
  while (std::isxdigit(static_cast<unsigned char>(cursor.peek()))) cursor.advance();
  const std::string_view digits = cursor.since(start);
  if (digits.empty()) return cursor.failure("a number needs hexadecimal digits after 0x");
  std::uint64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value, 16).ec != std::errc())
    return cursor.failure("a number is too large");
  return static_cast<double>(value);
}

std::size_t skip_digits(Cursor& cursor) {
  const std::size_t start = cursor.position();
  while (is_digit(cursor.peek())) cursor.advance();
  return cursor.position() - start;
}

Result<double> read_decimal(Cursor& cursor) {
  const std::size_t start = cursor.position();
  const bool zero_first = cursor.peek() == '0';
  const std::size_t whole = skip_digits(cursor);
  if (zero_first && whole > 1) return cursor.failure("a number may not begin with 0 and another digit");
  const std::size_t fraction = cursor.accept('.') ? skip_digits(cursor) : 0;
  if (whole + fraction == 0) return cursor.failure("a number needs digits");
  if (cursor.peek() == 'e' || cursor.peek() == 'E') {
    cursor.advance();
    if (!cursor.accept('+')) cursor.accept('-');
    if (skip_digits(cursor) == 0) return cursor.failure("a number needs digits after its exponent sign");
  }
  const std::string_view text = cursor.since(start);
  double value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc())
    return cursor.failure("a number is out of range");
  return value;
}

}  // namespace

bool starts_word(const Cursor& cursor) {
  const char c = cursor.peek();
  if (static_cast<unsigned char>(c) >= 0x80) return !cursor.at_blank();
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '\\';
}

bool starts_number(const Cursor& cursor) {
  const char c = cursor.peek();
  return is_digit(c) || c == '+' || c == '-' || c == '.';
}

Result<std::string> read_string(Cursor& cursor) {
  const Cursor start = cursor;
  const char quote = cursor.peek();
  cursor.advance();
  std::string text;
  while (!cursor.accept(quote)) {
    if (cursor.at_end() || cursor.peek() == '\n' || cursor.peek() == '\r')
      return start.failure("a string is not closed");
    if (cursor.peek() == '\0') return cursor.failure("a string may not hold a NUL character");
    if (cursor.accept('\\')) {
      TRY(read_escape(cursor, text));
    } else {
      text.append(cursor.character());
      cursor.advance(cursor.character().size());
    }
  }
  return text;
}

Result<std::string> read_name(Cursor& cursor) {
  if (cursor.peek() == '"' || cursor.peek() == '\'') return read_string(cursor);
  if (!starts_word(cursor)) return cursor.failure("expected a name or \"}\", found " + cursor.found());
  return read_bare_name(cursor);
}

Result<double> read_number(Cursor& cursor) {
  const bool negative = cursor.peek() == '-';
  if (negative || cursor.peek() == '+') cursor.advance();
  if (cursor.starts_with("Infinity") || cursor.starts_with("NaN"))
    return cursor.failure("Infinity and NaN are not accepted as values");
  TRY_ASSIGN(const double value,
             cursor.starts_with("0x") || cursor.starts_with("0X") ? read_hex_number(cursor) : read_decimal(cursor));
  return negative ? -value : value;
}

}  // namespace omenia::json5
