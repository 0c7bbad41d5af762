#pragma once
// Files of the configuration: reading one whole, and writing one so that every moment has a complete file.

#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace omenia {

// The content; nothing when there is no such file. Error: config_invalid, for what is no regular file, is larger than
// `bytes_max` or cannot be read.
Result<std::optional<std::string>> read_config_file(const std::string& path, std::size_t bytes_max);

// Writes beside the file and renames: after a crash the old or the new content is there, whole. Mode 0600. The folder
// has to exist. Error: storage, names path and cause.
Result<void> write_file_atomically(const std::string& path, std::string_view content);

// Its two halves: what can fail for want of space, and the rest. Between them the content is in a file of its own,
// whose name is answered; it is gone when it was not put in place.
Result<std::string> prepare_file(const std::string& path, std::string_view content);
Result<void> put_in_place(const std::string& prepared, const std::string& path);

inline constexpr std::string_view temporary_mark = ".tmp.";  // In the name of such a file, after the path.

// Where a symbolic link leads, or the path itself. A rename would replace the link.
std::string real_path(const std::string& path);

std::string folder_of(const std::string& path);

}  // namespace omenia
