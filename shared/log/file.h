#pragma once
// LogFile: the file that supervisor and worker append to, each through its own LogFile. A line is one write; the file
// is rotated by whichever process fills it, and the other one notices and follows. Used by one thread.

#include <sys/stat.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/base/fd.h"
#include "shared/base/result.h"

namespace omenia {

class LogFile {
 public:
  // Opens or creates the file with mode 0600, missing folders with 0700. Refuses what is no regular file of ours, and
  // a symbolic link: the folder may be one that others write to.
  static Result<LogFile> open(std::string path, std::size_t bytes_max);

  // `line` ends with a newline. Error: system, with the cause; the line is lost then.
  Result<void> append(std::string_view line);

  void set_bytes_max(std::size_t bytes_max) { bytes_max_ = bytes_max; }
  const std::string& path() const { return path_; }

 private:
  LogFile(std::string path, std::size_t bytes_max) : path_(std::move(path)), bytes_max_(bytes_max) {}
  Result<void> reopen();
  bool is_current(const struct stat& now) const;
  Result<void> rotate();
  Result<void> write_all(std::string_view text);

  std::string path_;
  std::size_t bytes_max_;
  Fd fd_;
  struct stat opened_ {};
  bool torn_ = false;  // The last write ended inside a line.
};

}  // namespace omenia
