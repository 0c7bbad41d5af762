#pragma once
// Changed paths: where two documents part. Objects are gone into; a list counts as one value.

#include <string>
#include <vector>

#include "shared/json/json_path.h"

namespace omenia {

// In the order of `after`, then what is gone.
std::vector<JsonPath> changed_paths(JsonView before, JsonView after);

}  // namespace omenia
