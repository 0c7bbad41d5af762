#pragma once
// Explanation of one key: the value that counts, where it comes from, and what the key is.

#include <string>

#include "shared/base/result.h"
#include "shared/config/compose.h"
#include "shared/config/effective.h"

namespace omenia {

struct Explanation {
  JsonPath path;
  Json value;          // That counts; hidden where it is secret. Nothing: not set and without a default.
  std::string source;  // "flag", "env", ".env", "file", "include", "default", "unset"
  std::string place;   // The flag, the variable, or "<file>:<line>".
  std::string note;    // What it was written as, or what else is set and loses; may be empty.
  std::string type;
  std::string reload;
  std::string initial;  // The default as JSON text; empty: none.
  std::string doc;
};

struct ExplainInput {
  const LoadedConfig& loaded;
  const Composition& composed;
  const GatewayFlags& flags;
  const Environment& environment;       // Completed from .env files.
  const Environment& bare_environment;  // Of the process alone.
};

// Error: usage, for a path that no key has.
Result<Explanation> explain(const JsonPath& path, const ExplainInput& input);

}  // namespace omenia
