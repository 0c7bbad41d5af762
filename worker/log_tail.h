#pragma once
// LogTail: the end of the log file, in pieces that a client can poll.

#include <cstdint>
#include <string>

#include "shared/base/result.h"

namespace omenia::worker {

struct LogWindow {
  std::string file;
  std::int64_t cursor = -1;  // Byte offset of an earlier answer; -1: the end of the file.
  std::int64_t lines_max = 0;
  std::int64_t bytes_max = 0;
};

// {file, cursor, size, lines[], truncated?, reset?, skippedBytes?}; reads at most bytes_max bytes. A file that is not
// there yet is empty.
Result<std::string> read_log_tail(const LogWindow& window);

}  // namespace omenia::worker
