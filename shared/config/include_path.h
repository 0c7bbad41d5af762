#pragma once
// Where an included file is, and whether it may be included: its real path has to lie in the folder of the
// configuration or below a root of OmeniaClaw_INCLUDE_ROOTS, symbolic links resolved.

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/config/paths.h"

namespace omenia {

struct IncludePath {
  std::string named;  // Absolute, as the directive says; what has to be watched.
  std::string real;   // Symbolic links resolved; empty: there is no such file.
};

class IncludeRoots {
 public:
  IncludeRoots(const std::string& config_path, const Environment& environment);

  // `text` as written in the file at `including`, from whose folder it is meant. Error: config_invalid, for a path that
  // is none and for one that leads out of the roots.
  Result<IncludePath> resolve(std::string_view text, const std::string& including) const;

 private:
  bool holds(const std::string& path) const;

  const Environment& environment_;
  std::vector<std::string> roots_;  // Real paths.
};

}  // namespace omenia
