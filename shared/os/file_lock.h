#pragma once
// FileLock: exclusive use of something, as the operating system's lock on a file. It ends with its process, however
// that ends; what is written in the file only tells people who holds it. The file stays.

#include <optional>
#include <string>
#include <string_view>

#include "shared/base/fd.h"
#include "shared/base/result.h"

namespace omenia {

class FileLock {
 public:
  // The lock, or nothing when another holds it. Missing folders are made, with mode 0700. Error: system.
  static Result<std::optional<FileLock>> try_take(const std::string& path);
  // One that this process has taken before its program was replaced.
  static FileLock adopt(Fd fd) { return FileLock(std::move(fd)); }
  FileLock(FileLock&&) noexcept = default;
  FileLock& operator=(FileLock&&) noexcept = default;
  ~FileLock();  // Empties the file and lets go.

  Result<void> write(std::string_view note);  // Replaces what is in the file.
  int descriptor() const { return fd_.get(); }

  // What the holder wrote; empty when nobody holds the lock.
  static std::string note_of_holder(const std::string& path);

 private:
  explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace omenia
