#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "shared/os/document.h"

namespace omenia {

namespace {
Error failure(const char* doing) {
  return fail(ErrorCode::system, std::string(doing) + ": " + std::strerror(errno));
}
}  // namespace

Result<Fd> document_of(std::string_view text) {
  Fd fd(::memfd_create("OmeniaClaw-document", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd.valid()) return failure("cannot create a document in memory");
  while (!text.empty()) {
    const ssize_t put = ::write(fd.get(), text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failure("cannot write a document in memory");
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  ::lseek(fd.get(), 0, SEEK_SET);
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
    return failure("cannot seal a document in memory");
  return fd;
}

Result<std::string> read_document(int fd, std::size_t bytes_max) {
  ::lseek(fd, 0, SEEK_SET);  // Fails on a pipe, which is read as it comes.
  std::string text;
  char bytes[8192];
  for (;;) {
    const ssize_t got = ::read(fd, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("cannot read the document");
    if (got == 0) return text;
    text.append(bytes, static_cast<std::size_t>(got));
    if (text.size() > bytes_max)
      return fail(ErrorCode::system, "the document is larger than " + std::to_string(bytes_max) + " bytes");
  }
}

}  // namespace omenia
