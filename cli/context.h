#pragma once
// Context: what one run of the command line owns, made by main and passed by reference.

#include <string>

#include "cli/output.h"
#include "shared/config/load.h"
#include "shared/config/paths.h"

namespace omenia::cli {

struct Context {
  Output output;
  Environment environment;
  Environment bare_environment{};  // Without what .env files add.
  std::string executable;          // Absolute path of this program.
  bool interactive = false;        // A person can be asked: standard input and output are a terminal.
  Paths paths;
  LoadedConfig config;  // For commands that need it. With errors in it, only `source` and the errors are of use.

  std::string home() const { return expand_home("~", environment); }
};

}  // namespace omenia::cli
