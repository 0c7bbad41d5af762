#pragma once
// The end of a log file, read directly when no gateway can be asked.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::cli {

struct LogTail {
  std::string file;
  std::int64_t cursor = 0;
  std::int64_t size = 0;
  std::vector<std::string> lines;
  bool truncated = false;
};

// The last complete lines, at most so many and so many bytes. Error: not_found, when there is no such file; system.
Result<LogTail> read_log_tail(const std::string& file, std::int64_t lines_max, std::int64_t bytes_max);

}  // namespace omenia::cli
