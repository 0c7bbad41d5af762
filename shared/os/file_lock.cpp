#include "shared/os/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "shared/base/folders.h"

namespace omenia {

namespace {

constexpr std::size_t note_bytes_max = 16'384;

Error failure(const std::string& path) {
  return fail(ErrorCode::system, "lock file " + path + ": " + std::strerror(errno));
}

}  // namespace

Result<std::optional<FileLock>> FileLock::try_take(const std::string& path) {
  make_private_folders(std::filesystem::path(path).parent_path().string());
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.valid()) return failure(path);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return std::optional(FileLock(std::move(fd)));
  if (errno != EWOULDBLOCK) return failure(path);
  return std::optional<FileLock>();
}

FileLock::~FileLock() {
  if (fd_.valid()) [[maybe_unused]]
    const int emptied = ::ftruncate(fd_.get(), 0);
}

Result<void> FileLock::write(std::string_view note) {
  const bool written = ::ftruncate(fd_.get(), 0) == 0 &&
                       ::pwrite(fd_.get(), note.data(), note.size(), 0) == static_cast<ssize_t>(note.size());
  if (!written) return fail(ErrorCode::system, std::string("the lock file cannot be written: ") + std::strerror(errno));
  return {};
}

std::string FileLock::note_of_holder(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid() || ::flock(fd.get(), LOCK_SH | LOCK_NB) == 0) return "";
  std::string note(note_bytes_max, '\0');
  const ssize_t got = ::pread(fd.get(), note.data(), note.size(), 0);
  note.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return note;
}

}  // namespace omenia
