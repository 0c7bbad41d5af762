#include "supervisor/watched_content.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <deque>

#include "shared/base/fd.h"
#include "shared/base/ids.h"
#include "shared/base/limits.h"

namespace omenia::supervisor {

namespace {

constexpr int links_max = 40;  // As the system allows on the way of one path.

std::deque<std::string> parts_of(const std::string& path) {
  std::deque<std::string> parts;
  for (std::size_t start = 0; start < path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    if (end > start) parts.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

// Where a symbolic link leads; empty for everything else.
std::string target_of(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  return length > 0 ? std::string(target, static_cast<std::size_t>(length)) : std::string();
}

}  // namespace

std::string fingerprint_of(const std::string& path) {
  // O_NONBLOCK: a pipe in the file's place must not hold us.
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return errno == ENOENT ? missing_fingerprint : "unreadable " + std::to_string(errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return "not a regular file";
  std::string content;
  char chunk[16 * 1024];
  while (content.size() <= limits::config_file_bytes_max) {
    const ssize_t count = ::read(file.get(), chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return "unreadable " + std::to_string(errno);
    if (count == 0) return sha256_hex(content);
    content.append(chunk, static_cast<std::size_t>(count));
  }
  return "too large " + std::to_string(status.st_size);
}

std::string status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return missing_fingerprint;
  std::string text;
  for (const auto number :
       {static_cast<std::int64_t>(status.st_ino), static_cast<std::int64_t>(status.st_size),
        static_cast<std::int64_t>(status.st_mode), static_cast<std::int64_t>(status.st_mtim.tv_sec),
        static_cast<std::int64_t>(status.st_mtim.tv_nsec), static_cast<std::int64_t>(status.st_ctim.tv_sec),
        static_cast<std::int64_t>(status.st_ctim.tv_nsec)})
    text += std::to_string(number) + " ";
  return text;
}

std::set<std::pair<std::string, std::string>> places_of(const std::string& path) {
  std::set<std::pair<std::string, std::string>> places;
  std::deque<std::string> parts = parts_of(path);
  std::string folder;
  for (int links = 0; !parts.empty();) {
    const std::string name = std::move(parts.front());
    parts.pop_front();
    if (name == ".") continue;
    if (name == "..") {  // What is left of the way has no links in it.
      folder.resize(folder.empty() ? 0 : folder.rfind('/'));
      continue;
    }
    const std::string here = folder + "/" + name;
    const std::string target = links < links_max ? target_of(here) : std::string();
    if (parts.empty() || !target.empty()) places.emplace(folder.empty() ? "/" : folder, name);
    if (target.empty()) {
      folder = here;
      continue;
    }
    ++links;
    if (target.front() == '/') folder.clear();
    const auto further = parts_of(target);
    parts.insert(parts.begin(), further.begin(), further.end());
  }
  return places;
}

}  // namespace omenia::supervisor
