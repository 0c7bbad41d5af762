#include "state/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "shared/base/fd.h"

namespace omenia::state {

namespace {

Error refusal(const std::string& path, const std::string& what) {
  return fail(ErrorCode::storage, path + " " + what + ": " + std::strerror(errno) +
                                      ". Check the path, its owner and its disk, or choose another state directory.");
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// By path: opening and closing a file that SQLite has open would drop its locks (POSIX).
Result<void> set_mode(const std::string& path, mode_t mode) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return refusal(path, "cannot be looked at");
  if ((facts.st_mode & 07777) == mode) return {};
  if (::chmod(path.c_str(), mode) != 0) return refusal(path, "cannot be made private");
  return {};
}

}  // namespace

Result<void> make_private_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return sync_path(folder_of(path));
  if (errno == EEXIST) return set_mode(path, 0700);
  if (errno != ENOENT || folder_of(path) == path) return refusal(path, "cannot be made");

  struct stat facts {};
  if (::stat(folder_of(path).c_str(), &facts) != 0) {
    TRY(make_private_folder(folder_of(path)));
    return make_private_folder(path);
  }
  // Somebody else has made the folder that it stands in just now, and may be about to make this one too.
  if (::mkdir(path.c_str(), 0700) == 0) return sync_path(folder_of(path));
  return errno == EEXIST ? set_mode(path, 0700) : refusal(path, "cannot be made");
}

Result<void> make_private_file(const std::string& path) {
  const Fd made(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made.valid()) return {};
  if (errno == EEXIST) return set_mode(path, 0600);
  return refusal(path, "cannot be made");
}

Result<void> sync_path(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid() || ::fsync(file.get()) != 0) return refusal(path, "cannot be synced to its disk");
  return {};
}

Result<void> put_in_place(const std::string& from, const std::string& to) {
  TRY(sync_path(from));
  if (::rename(from.c_str(), to.c_str()) != 0) return refusal(to, "cannot be put in place");
  return sync_path(folder_of(to));
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return refusal(path, "cannot be removed");
  return {};
}

}  // namespace omenia::state
