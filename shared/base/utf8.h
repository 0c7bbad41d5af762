#pragma once
// UTF-8: what is a character, where a text may be cut.

#include <string_view>

namespace omenia {

// Bytes of the well-formed character at the start of `text`, 0 when there is none (RFC 3629: no overlong forms, no
// surrogates, nothing above U+10FFFF).
int utf8_sequence_length(std::string_view text);

bool is_utf8(std::string_view text);

// The longest prefix of at most `bytes_max` bytes that does not end inside a character.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

}  // namespace omenia
