#pragma once
// Watched content: what watched files hold, as a fingerprint, and through which folders their paths lead.

#include <set>
#include <string>
#include <utility>

namespace omenia::supervisor {

// A hash of the file's bytes; another text for what is missing, no regular file, or cannot be read.
std::string fingerprint_of(const std::string& path);
inline constexpr const char* missing_fingerprint = "missing";

// What is cheap to ask for and changes with the content: kind, inode, size, times.
std::string status_of(const std::string& path);

// Every (folder, name) whose change can give `path` another content: the file itself and each symbolic link on the
// way to it.
std::set<std::pair<std::string, std::string>> places_of(const std::string& path);

}  // namespace omenia::supervisor
