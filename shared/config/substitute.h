#pragma once
// ${VAR} in the texts of a configuration, replaced by environment variables. `$${VAR}` stands for the text ${VAR}.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/config/paths.h"
#include "shared/json/json_path.h"

namespace omenia {

struct Substituted {
  std::string text;
  std::vector<std::string> missing;  // Variables that are not set; they stay in the text as written.
};

Substituted substitute(std::string_view text, const Environment& environment);

struct ResolvedDocument {
  struct Missing {
    JsonPath path;
    std::string variable;
  };
  Json value;
  std::vector<Missing> missing;
};

// Replaces in every text of the document, not in names. Error: config_invalid, when the result is larger than a
// document may be.
Result<ResolvedDocument> resolve_variables(JsonView document, const Environment& environment);

}  // namespace omenia
