#pragma once
// Pieces: a text cut for a stream, counted as JavaScript counts characters.

#include <string_view>
#include <vector>

namespace omenia::openai {

// Each of at most `units_max` UTF-16 units, none ends inside a character; at least one, also of an empty text.
std::vector<std::string_view> pieces_of(std::string_view text, std::size_t units_max);

}  // namespace omenia::openai
