#pragma once
// The nearest of some names, for "did you mean" answers.

#include <span>
#include <string_view>

namespace omenia {

// The name that takes the fewest changed letters to reach, at most a third of them; upper and lower case count as the
// same letter. Empty when none is close.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

}  // namespace omenia
