#include "shared/log/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "shared/base/folders.h"
#include "shared/base/limits.h"

namespace omenia {

namespace {

Error failure(const std::string& path, const std::string& problem) {
  return fail(ErrorCode::system, "log file " + path + ": " + problem);
}

std::string numbered(const std::string& path, int number) {
  return number == 0 ? path : path + "." + std::to_string(number);
}

}  // namespace

Result<LogFile> LogFile::open(std::string path, std::size_t bytes_max) {
  LogFile file(std::move(path), bytes_max);
  TRY(file.reopen());
  return file;
}

Result<void> LogFile::reopen() {
  make_private_folders(std::filesystem::path(path_).parent_path().string());
  Fd fd(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  if (!fd.valid()) return failure(path_, errno == ELOOP ? "is a symbolic link" : std::strerror(errno));
  struct stat found {};
  if (::fstat(fd.get(), &found) != 0) return failure(path_, std::strerror(errno));
  if (!S_ISREG(found.st_mode)) return failure(path_, "is not a regular file");
  if (found.st_uid != ::geteuid()) return failure(path_, "belongs to another user");
  if ((found.st_mode & 0777) != 0600 && ::fchmod(fd.get(), 0600) != 0) return failure(path_, std::strerror(errno));
  fd_ = std::move(fd);
  opened_ = found;
  torn_ = false;
  return {};
}

bool LogFile::is_current(const struct stat& now) const {
  return now.st_ino == opened_.st_ino && now.st_dev == opened_.st_dev;
}

Result<void> LogFile::append(std::string_view line) {
  struct stat now {};
  const bool there = ::stat(path_.c_str(), &now) == 0;
  if (!there || !is_current(now)) {
    TRY(reopen());
  } else if (now.st_size > 0 && static_cast<std::size_t>(now.st_size) + line.size() > bytes_max_) {
    TRY(rotate());
  }
  return write_all(line);
}

// The lock is on the old file itself: whoever gets it second finds another file under the name and just follows. Who
// does not get it at once writes on into the old file.
Result<void> LogFile::rotate() {
  if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) return {};
  struct stat now {};
  if (::stat(path_.c_str(), &now) == 0 && is_current(now))
    for (int number = limits::log_files_kept; number > 0; --number)
      std::rename(numbered(path_, number - 1).c_str(), numbered(path_, number).c_str());
  return reopen();
}

Result<void> LogFile::write_all(std::string_view text) {
  const std::string mended = torn_ ? "\n" + std::string(text) : std::string();
  std::string_view rest = torn_ ? std::string_view(mended) : text;
  while (!rest.empty()) {
    const ssize_t put = ::write(fd_.get(), rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failure(path_, std::strerror(errno));
    rest.remove_prefix(static_cast<std::size_t>(put));
    torn_ = !rest.empty();
  }
  return {};
}

}  // namespace omenia
