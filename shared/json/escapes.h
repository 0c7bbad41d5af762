#pragma once
// Escapes of a JSON text that name no character: \u0000, which ends a string for half of the programs that read one,
// and half of a surrogate pair, which is no text in UTF-8. Other programs write both, for a page that was cut in the
// middle of an emoji or what they took out of a PDF.

#include <cstddef>
#include <string>
#include <string_view>

namespace omenia {

// What stands at a backslash.
struct Escape {
  enum class Names { character, no_character, nothing };  // nothing: \u without four hexadecimal digits.
  std::size_t bytes = 0;  // Of the whole escape, two of them for a pair; to the end of a text that is cut.
  Names names = Names::character;
};
Escape escape_at(std::string_view text, std::size_t backslash);

// The text, as long as before, with \ufffd in the place of what names no character.
std::string with_characters_only(std::string_view text);

}  // namespace omenia
