#pragma once
// JsonPath: where a value stands in a document, as people write it: models.providers["my id"].models[0].id

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/json/json.h"

namespace omenia {

// Names of members and indexes of elements (in digits), from the root. Empty: the document itself.
using JsonPath = std::vector<std::string>;

// Reads "a.b", "a[0]", "a.0" and "a[\"x y\"]" (either quote). Error: usage, names the path and what is wrong with it.
Result<JsonPath> parse_json_path(std::string_view text);

// The path in one line, names that are no plain word in brackets; "<root>" for the document.
std::string to_text(const JsonPath& path);

JsonPath operator/(const JsonPath& parent, std::string_view name);

// The value there, or a view of nothing.
JsonView find(JsonView document, const JsonPath& path);

// An element's index: digits only, no leading zero. Nothing for other texts.
std::optional<std::size_t> array_index(std::string_view text);

}  // namespace omenia
