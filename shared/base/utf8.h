#pragma once
// UTF-8: what is a character, where a text may be cut.

#include <cstddef>
#include <string_view>

namespace omenia {

// Bytes of the well-formed character at the start of `text`, 0 when there is none (RFC 3629: no overlong forms, no
// surrogates, nothing above U+10FFFF).
int utf8_sequence_length(std::string_view text);

bool is_utf8(std::string_view text);

// The longest prefix of at most `bytes_max` bytes that does not end inside a character.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

// How many code units UTF-16 has for a character of so many bytes, and for a text: what JavaScript counts. A byte that
// belongs to no character counts as one.
constexpr std::size_t utf16_units_of(int sequence_length) {
  return sequence_length == 4 ? 2 : 1;
}
std::size_t utf16_length(std::string_view text);

}  // namespace omenia
