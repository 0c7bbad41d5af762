// See log_file.h.

#include "cli/commands/log_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace omenia::cli {

Result<LogTail> read_log_tail(const std::string& file, std::int64_t lines_max, std::int64_t bytes_max) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return fail(ErrorCode::not_found, "There is no log file yet at " + file + ".");
  LogTail tail;
  tail.file = file;
  tail.size = static_cast<std::int64_t>(stream.tellg());
  const std::int64_t start = std::max<std::int64_t>(0, tail.size - bytes_max);
  std::string bytes(static_cast<std::size_t>(tail.size - start), '\0');
  stream.seekg(start);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream) return fail(ErrorCode::system, "The log file " + file + " cannot be read.");
  bytes.resize(bytes.rfind('\n') == std::string::npos ? 0 : bytes.rfind('\n') + 1);  // The rest is still being written.
  tail.cursor = start + static_cast<std::int64_t>(bytes.size());
  if (start > 0) bytes.erase(0, bytes.find('\n') + 1);
  std::istringstream text(bytes);
  for (std::string line; std::getline(text, line);) tail.lines.push_back(std::move(line));
  const auto extra = std::max<std::int64_t>(0, static_cast<std::int64_t>(tail.lines.size()) - lines_max);
  tail.lines.erase(tail.lines.begin(), tail.lines.begin() + extra);
  tail.truncated = start > 0 || extra > 0;
  return tail;
}

}  // namespace omenia::cli
