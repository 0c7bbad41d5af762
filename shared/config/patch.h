#pragma once
// Merge patches of a configuration: objects are merged, `null` removes, lists whose elements have an "id" are merged by
// it, other lists are replaced.

#include <vector>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "shared/json/json_path.h"

namespace omenia {

// `replaceable` are the lists that may lose elements; at these paths a list with ids is replaced too. Error:
// invalid_request, for a patch that is no object and for a list that would lose elements without being named.
Result<Json> patched(JsonView document, JsonView patch, const std::vector<JsonPath>& replaceable);

}  // namespace omenia
