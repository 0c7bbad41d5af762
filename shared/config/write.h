#pragma once
// Writes of the configuration file: checked whole, refused when the file changed meanwhile or when too much of it would
// vanish, backed up, and atomic.

#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/config/load.h"

namespace omenia {

struct ConfigWrite {
  bool changed = false;  // False: the document was equal, the file is untouched.
  LoadedConfig loaded;   // What stands in the file now.
};

// Replaces the file at `path` by `document` as strict JSON, ${VAR} as written. `base_hash` is LoadedConfig::hash of
// what the edit was made from; empty when there was no file. The replaced file becomes <path>.bak, older ones .bak.1 to
// .bak.4. Error: invalid_request for a document that is not valid, holds redacted values or was made from another
// file than is there now; forbidden under OmeniaClaw_CONFIG_READONLY and by the write guard, which keeps the refused
// text in <path>.rejected.<time>; storage when the disk refuses.
Result<ConfigWrite> write_config(const std::string& path, const Json& document, std::string_view base_hash,
                                 const Environment& environment);

}  // namespace omenia
