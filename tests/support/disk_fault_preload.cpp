// libdisk_fault.so, loaded before the C library: files below the folder OMENIA_FAULT_FOLDER live on a disk that is full
// ("full") or does not sync ("sync") as long as the file OMENIA_FAULT_FILE says so. For tests of whole programs.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

bool is_fault(std::string_view wanted) {
  const char* file = std::getenv("OMENIA_FAULT_FILE");
  const int fd = file ? ::open(file, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return false;
  char text[16] = "";
  const ssize_t got = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  return got > 0 && std::string_view(text, static_cast<std::size_t>(got)) == wanted;
}

bool is_on_the_disk(int fd) {
  const char* folder = std::getenv("OMENIA_FAULT_FOLDER");
  char link[64];
  char path[1024];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = ::readlink(link, path, sizeof path);
  return folder && length > 0 && std::string_view(path, static_cast<std::size_t>(length)).starts_with(folder);
}

bool takes_nothing(int fd) {
  const int before = errno;
  const bool is_full = is_on_the_disk(fd) && is_fault("full");
  errno = is_full ? ENOSPC : before;
  return is_full;
}

bool does_not_sync(int fd) {
  const int before = errno;
  const bool fails = is_on_the_disk(fd) && (is_fault("sync") || is_fault("full"));
  errno = fails ? EIO : before;
  return fails;
}

}  // namespace

extern "C" {

ssize_t write(int fd, const void* bytes, std::size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, std::size_t)>("write");
  return takes_nothing(fd) ? -1 : real(fd, bytes, size);
}

ssize_t pwrite(int fd, const void* bytes, std::size_t size, off_t at) {
  static const auto real = next<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite");
  return takes_nothing(fd) ? -1 : real(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void* bytes, std::size_t size, off64_t at) {
  static const auto real = next<ssize_t (*)(int, const void*, std::size_t, off64_t)>("pwrite64");
  return takes_nothing(fd) ? -1 : real(fd, bytes, size, at);
}

int fsync(int fd) {
  static const auto real = next<int (*)(int)>("fsync");
  return does_not_sync(fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
  static const auto real = next<int (*)(int)>("fdatasync");
  return does_not_sync(fd) ? -1 : real(fd);
}

}  // extern "C"
