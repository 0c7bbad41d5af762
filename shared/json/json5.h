#pragma once
// JSON5 reader: JSON as people write it (comments, trailing commas, single quotes, bare names, line continuations,
// hexadecimal numbers) into the same value that strict JSON gives, with the line of every value for messages.

#include <string_view>
#include <vector>

#include "shared/base/limits.h"
#include "shared/base/result.h"
#include "shared/json/json.h"
#include "shared/json/json_path.h"

namespace omenia {

struct Json5Document {
  Json value;
  std::vector<int> lines;  // Line of each value, of its name for members, in document order.

  // The line of the value at `path`, or of the nearest value above it that exists; 0 for an empty document.
  int line_of(const JsonPath& path) const;
};

// Error: invalid_request, "JSON5 parse failed: <what> at <line>:<column>", details {"line":..,"column":..}. Refused
// although the format has them: NUL characters, Infinity and NaN, two members of one name, what exceeds the limits.
Result<Json5Document> parse_json5(std::string_view text, std::size_t bytes_max = limits::config_file_bytes_max);

}  // namespace omenia
