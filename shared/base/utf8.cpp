#include "shared/base/utf8.h"

#include <algorithm>

namespace omenia {

namespace {
struct Range {
  unsigned char first_low, first_high;    // The lead byte.
  unsigned char second_low, second_high;  // The byte after it, which carries the exceptions.
  int length;
};
// Table 3-7 of the Unicode standard.
constexpr Range ranges[] = {
    {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}
}  // namespace

int utf8_sequence_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  for (const Range& range : ranges) {
    if (first < range.first_low || first > range.first_high) continue;
    if (text.size() < static_cast<std::size_t>(range.length)) return 0;
    if (range.length == 1) return 1;
    const auto second = static_cast<unsigned char>(text[1]);
    if (second < range.second_low || second > range.second_high) return 0;
    for (int i = 2; i < range.length; ++i)
      if (!is_continuation(text[static_cast<std::size_t>(i)])) return 0;
    return range.length;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const int length = utf8_sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  while (!text.empty()) {
    const int length = utf8_sequence_length(text);
    units += utf16_units_of(length);
    text.remove_prefix(static_cast<std::size_t>(std::max(1, length)));
  }
  return units;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && is_continuation(text[end])) --end;
  return text.substr(0, end);
}

}  // namespace omenia
