#pragma once
// Edits of a configuration that is made of several files: a change is written into the one file that owns all changed
// values, with its directives and variables as they stand there. What no single file can express is refused; included
// content is never copied into the including file.

#include <string>

#include "shared/config/compose.h"

namespace omenia {

struct FileEdit {
  std::string file;  // Absolute, as named.
  std::string text;  // What it shall hold.
};

// The edit that makes `current` to `wanted`. Error: invalid_request, names the files and keys.
Result<FileEdit> edit_through_includes(const Composition& current, JsonView wanted, const Environment& environment);

// The configuration as it is with that edit.
Result<Composition> compose_with(const FileEdit& edit, const std::string& config_path, const Environment& environment);

}  // namespace omenia
