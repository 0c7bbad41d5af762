#include "shared/config/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "shared/base/fd.h"
#include "shared/base/ids.h"

namespace omenia {

namespace {

Error read_failure(const std::string& path, const std::string& what) {
  return fail(ErrorCode::config_invalid, "Cannot read " + path + ": " + what);
}

Error write_failure(const std::string& path) {
  return fail(ErrorCode::storage, "Cannot write " + path + ": " + std::strerror(errno));
}

Result<void> write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return write_failure(path);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(fd) != 0) return write_failure(path);
  return {};
}

Result<void> write_new_file(const std::string& path, std::string_view content) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid() || ::fchmod(file.get(), 0600) != 0) return write_failure(path);
  return write_all(file.get(), content, path);
}

Result<void> sync_folder(const std::string& path) {
  const Fd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::fsync(folder.get()) != 0) return write_failure(path);
  return {};
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::optional<std::string>> read_config_file(const std::string& path, std::size_t bytes_max) {
  // O_NONBLOCK: a pipe in the file's place must not hold us.
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid() && errno == ENOENT) return std::optional<std::string>();
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) return read_failure(path, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return read_failure(path, "it is not a regular file");
  std::string content;
  char chunk[16 * 1024];
  while (content.size() <= bytes_max) {
    const ssize_t count = ::read(file.get(), chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return read_failure(path, std::strerror(errno));
    if (count == 0) return std::optional<std::string>(std::move(content));
    content.append(chunk, static_cast<std::size_t>(count));
  }
  return read_failure(path, "it is larger than " + std::to_string(bytes_max) + " bytes");
}

Result<std::string> prepare_file(const std::string& path, std::string_view content) {
  const std::string temporary = path + std::string(temporary_mark) + random_uuid();
  const auto written = write_new_file(temporary, content);
  if (written.ok()) return temporary;
  ::unlink(temporary.c_str());
  return written.error();
}

Result<void> put_in_place(const std::string& prepared, const std::string& path) {
  if (::rename(prepared.c_str(), path.c_str()) == 0) return sync_folder(folder_of(path));
  const Error failure = write_failure(path);
  ::unlink(prepared.c_str());
  return failure;
}

Result<void> write_file_atomically(const std::string& path, std::string_view content) {
  TRY_ASSIGN(const std::string prepared, prepare_file(path, content));
  return put_in_place(prepared, path);
}

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

}  // namespace omenia
