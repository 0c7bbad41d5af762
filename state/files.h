#pragma once
// Files: the store's folder and files, readable by their owner alone whatever the umask says. Errors: storage, naming
// the path and the cause.

#include <string>

#include "shared/base/result.h"

namespace omenia::state {

// Makes the folder, and the folders above it that are missing, with mode 0700; gives the last one that mode.
Result<void> make_private_folder(const std::string& path);

// Makes an empty file with mode 0600; gives an existing one that mode.
Result<void> make_private_file(const std::string& path);

// What was written to the file or folder is on the disk.
Result<void> sync_path(const std::string& path);

// Renames a synced file over another, durably.
Result<void> put_in_place(const std::string& from, const std::string& to);

// Removes the file if there is one.
Result<void> remove_file(const std::string& path);

}  // namespace omenia::state
