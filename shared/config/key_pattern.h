#pragma once
// Patterns of the key tables against concrete paths. In "models.providers.*.models[].id" a `*` stands for any name and
// `[]` after a name for any element of that array.

#include <string>
#include <string_view>
#include <vector>

#include "shared/json/json_path.h"

namespace omenia {

// The pattern's segments; "models[]" becomes "models" and "[]".
std::vector<std::string_view> pattern_segments(std::string_view pattern);

bool pattern_matches(std::string_view pattern, const JsonPath& path);        // The same place.
bool pattern_covers(std::string_view pattern, const JsonPath& path);         // The same place, or one that holds it.
bool pattern_reaches_below(std::string_view pattern, const JsonPath& path);  // A place inside what is at `path`.

}  // namespace omenia
