#pragma once
// ConfigIssue: one problem of a configuration, as people are told of it.

#include <string>

namespace omenia {

// Errors keep the gateway from starting, warnings are told.
struct ConfigIssue {
  std::string path;     // "gateway.port"; "<root>" for the document itself.
  std::string message;  // What was expected and found, with the nearest known name for a misspelt key.
  int line = 0;         // In the file, 1-based; 0: unknown.
  std::string file{};   // Absolute path; empty: the configuration file itself.
};

}  // namespace omenia
