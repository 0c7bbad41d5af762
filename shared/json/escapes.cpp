#include "shared/json/escapes.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace omenia {

namespace {

constexpr std::size_t unit_bytes = 6;  // "\u0041"
constexpr int no_unit = -1;

// The UTF-16 code unit that is written there; no_unit where none is.
int unit_at(std::string_view text, std::size_t backslash) {
  const std::string_view escape = text.substr(std::min(backslash, text.size()), unit_bytes);
  if (escape.size() < unit_bytes || !escape.starts_with("\\u")) return no_unit;
  std::uint16_t unit = 0;
  const char* const end = escape.data() + escape.size();
  const auto read = std::from_chars(escape.data() + 2, end, unit, 16);
  return read.ec == std::errc() && read.ptr == end ? unit : no_unit;
}

bool is_first_half(int unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_second_half(int unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

}  // namespace

Escape escape_at(std::string_view text, std::size_t backslash) {
  using enum Escape::Names;
  const int unit = unit_at(text, backslash);
  const std::string_view start = text.substr(backslash, 2);
  if (unit == no_unit) return {start.size(), start == "\\u" ? nothing : character};
  if (is_first_half(unit) && is_second_half(unit_at(text, backslash + unit_bytes))) return {2 * unit_bytes, character};
  const bool is_whole = unit != 0 && !is_first_half(unit) && !is_second_half(unit);
  return {unit_bytes, is_whole ? character : no_character};
}

std::string with_characters_only(std::string_view text) {
  std::string result(text);
  for (std::size_t at = text.find('\\'); at != std::string_view::npos;) {
    const Escape escape = escape_at(text, at);
    if (escape.names == Escape::Names::no_character) result.replace(at, unit_bytes, "\\ufffd");
    at = text.find('\\', at + escape.bytes);
  }
  return result;
}

}  // namespace omenia
