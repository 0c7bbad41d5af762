#pragma once
// Loading the configuration: JSON5 text, ${VAR} substitution, strict validation with every problem at once, typed
// Config.

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/config/config.h"
#include "shared/config/paths.h"
#include "shared/json/json.h"

namespace omenia {

// A problem of a configuration. Errors keep the gateway from starting, warnings are told.
struct ConfigIssue {
  std::string path;     // "gateway.port"; "<root>" for the document itself.
  std::string message;  // What was expected and found, with the nearest known name for a misspelt key.
  int line = 0;         // In the file, 1-based; 0: unknown.
};

struct LoadedConfig {
  bool exists = false;  // False: no file; everything has its default.
  std::string path;
  std::string hash;  // sha256 of the file's bytes; empty without a file.
  Json source;       // As written, ${VAR} unresolved; an empty object without a file.
  Json resolved;     // With ${VAR} replaced.
  Config config;
  std::vector<ConfigIssue> errors;
  std::vector<ConfigIssue> warnings;

  bool valid() const { return errors.empty(); }
};

// Reads and checks the file. Fails only when the file cannot be read at all (error config_invalid, names path and
// cause); what is wrong inside is in `errors`.
Result<LoadedConfig> load_config(const std::string& path, const Environment& environment);

// Checks a document that is not in a file (config set, tests).
LoadedConfig check_config(std::string_view text, const std::string& path, const Environment& environment);

// "Invalid config at <path>:" and one line per error: "  × OmeniaClaw.json:<line> — <path>: <message>".
std::string describe_errors(const LoadedConfig& loaded);

}  // namespace omenia
