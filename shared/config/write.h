#pragma once
// Writes of the configuration: checked whole, refused when a file changed meanwhile or when too much would vanish,
// backed up, and atomic.

#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/config/include_edit.h"
#include "shared/config/load.h"

namespace omenia {

struct ConfigWrite {
  bool changed = false;           // False: the document was equal, the files are untouched.
  LoadedConfig loaded;            // What stands in the files now.
  std::string file{};             // The one that was written.
  std::vector<JsonPath> paths{};  // What changed.
};

// Changes the configuration at `path` to `document`, in which included files are in their places and ${VAR} as written;
// it is written as strict JSON into the file that owns what changed. `base_hash` is LoadedConfig::hash of what the edit
// was made from; empty when there was no file. The replaced file becomes <file>.bak, older ones .bak.1 to .bak.4.
// Error: invalid_request for a document that is not valid, holds redacted values, was made from other files than are
// there now, or that no single file can express; forbidden under OmeniaClaw_CONFIG_READONLY and by the write guard,
// which keeps the refused text in <file>.rejected.<time>; storage when the disk refuses.
Result<ConfigWrite> write_config(const std::string& path, const Json& document, std::string_view base_hash,
                                 const Environment& environment);

// Replaces one file of the configuration by a text, directives and all. A restored file may be smaller than the one
// it replaces, so that the write guard can be left out.
enum class WriteGuard { on, off };
Result<ConfigWrite> replace_config_file(const std::string& path, const FileEdit& edit, std::string_view base_hash,
                                        const Environment& environment, WriteGuard guard = WriteGuard::on);

}  // namespace omenia
