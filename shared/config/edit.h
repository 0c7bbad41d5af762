#pragma once
// Edits of a configuration as written, ${VAR} and all: one value read, set or removed by its path. Members keep their
// order. Nothing is checked here; write.h checks the complete result.

#include <string_view>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "shared/json/json_path.h"

namespace omenia {

// A value as typed on a command line: JSON5, or the text itself where it is none. Where the key takes text, a number
// or a word such as true is text too: a token of digits needs no quotes.
Json value_from_text(std::string_view text, const JsonPath& path);

// The value at `path`, or a view of nothing. "model" written as a text also answers for "model.primary".
JsonView value_at(JsonView document, const JsonPath& path);

// Makes the objects and lists on the way. An index may be the list's length: the value is appended. Error: usage, when
// something on the way is neither object nor list, or the index is beyond the end.
Result<void> set_value(Json& document, const JsonPath& path, const Json& value);

bool unset_value(Json& document, const JsonPath& path);  // False: there was no such value.

}  // namespace omenia
