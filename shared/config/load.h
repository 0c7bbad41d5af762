#pragma once
// Loading the configuration: JSON5 text, included files, ${VAR} substitution, strict validation with every problem at
// once, typed Config.

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/config/config.h"
#include "shared/config/issue.h"
#include "shared/config/paths.h"
#include "shared/json/json.h"

namespace omenia {

struct LoadedConfig {
  bool exists = false;  // False: no file; everything has its default.
  std::string path;
  std::vector<std::string>
      files;         // All that were looked for, absolute, `path` first; included files that are missing too.
  std::string hash;  // sha256 of the file's bytes, or of all files; empty without a file.
  Json source;       // Included files in their places, ${VAR} unresolved; an empty object without a file.
  Json resolved;     // With ${VAR} replaced.
  Config config;
  std::vector<ConfigIssue> errors;
  std::vector<ConfigIssue> warnings;

  bool valid() const { return errors.empty(); }
};

// Reads and checks the file. Fails only when the file cannot be read at all (error config_invalid, names path and
// cause); what is wrong inside is in `errors`.
Result<LoadedConfig> load_config(const std::string& path, const Environment& environment);

// Checks a document that is not in the file at `path` yet (config set, tests). What it includes is read.
LoadedConfig check_config(std::string_view text, const std::string& path, const Environment& environment);

struct Composition;  // compose.h
LoadedConfig check_composition(Composition composed, const std::string& path, const Environment& environment);

// "  × OmeniaClaw.json:<line> — <path>: <message>"; the file's name is that of the file that the problem is in.
std::string describe_issue(const LoadedConfig& loaded, const ConfigIssue& issue);

// "Invalid config at <path>:" and one line per error.
std::string describe_errors(const LoadedConfig& loaded);

}  // namespace omenia
