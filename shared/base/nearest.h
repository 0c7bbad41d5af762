#pragma once
// The nearest of some names, for "did you mean" answers.

#include <span>
#include <string_view>

namespace omenia {

// The name that takes the fewest edits to reach, at most one for three letters. An edit is a letter changed, put in or
// left out, or two neighbours that changed places; upper and lower case are the same letter. Empty when none is close.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

}  // namespace omenia
