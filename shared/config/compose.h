#pragma once
// Composition: a configuration put together from its file and the files that it includes. `$include` in an object is
// replaced by the content of the file that it names, or of several merged in order (later wins, lists are joined); the
// other members of the object come last. Every value knows the file and line that it was written in.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "shared/base/result.h"
#include "shared/config/issue.h"
#include "shared/config/paths.h"
#include "shared/json/json.h"
#include "shared/json/json_path.h"

namespace omenia {

inline constexpr std::string_view include_key = "$include";

// Where a value is written.
struct Origin {
  std::size_t file = 0;  // In Composition::files.
  int line = 0;
};

// A file stands, whole, at a place of the composed document.
struct Mount {
  std::size_t file = 0;
  JsonPath place;
};

struct Composition {
  Json value;                       // Without any $include, ${VAR} as written; nothing when there are problems.
  std::vector<std::string> files;   // Absolute, as named; the configuration file first. Also those that are missing.
  std::vector<Mount> mounts;        // In the order of reading; the configuration file's own comes first.
  std::string hash;                 // sha256 of the one file, or of all.
  std::vector<ConfigIssue> issues;  // What is wrong with the files as such.
  std::unordered_map<const cJSON*, Origin> origins;  // By the nodes of `value`.

  // Of the value at `path`, or of the nearest above it that exists.
  Origin origin_of(const JsonPath& path) const;
};

// The content of a file; nothing when there is none. Error: config_invalid.
using ConfigReader = std::function<Result<std::optional<std::string>>(const std::string& path)>;
Result<std::optional<std::string>> read_included_file(const std::string& path);

// `text` is the content of the file at `path`.
Composition compose(std::string_view text, const std::string& path, const Environment& environment,
                    const ConfigReader& read = read_included_file);

bool holds_include(JsonView document);  // As written: a directive stands somewhere inside.

}  // namespace omenia
