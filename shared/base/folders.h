#pragma once
// Folders that only their owner may look into.

#include <string>

namespace omenia {

// Makes the missing folders on the way to `path` and `path` itself, with mode 0700; existing ones stay as they are. A
// failure is not told: it shows when the folder is used.
void make_private_folders(const std::string& path);

}  // namespace omenia
