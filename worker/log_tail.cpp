#include "worker/log_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "shared/base/fd.h"
#include "shared/json/writer.h"

namespace omenia::worker {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) break;  // Not finished: comes with the next call.
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string read_at(int fd, std::int64_t offset, std::int64_t bytes) {
  std::string text(static_cast<std::size_t>(bytes), '\0');
  const ssize_t got = ::pread(fd, text.data(), text.size(), offset);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  std::replace(text.begin(), text.end(), '\0', '?');  // Blocks lost with the power; JSON readers refuse a NUL.
  return text;
}

// The bytes of [start, end) without the rest of a line that began before `start`. The byte before tells whether one
// did.
std::string read_lines_from(int fd, std::int64_t start, std::int64_t end) {
  if (start == 0) return read_at(fd, 0, end);
  std::string text = read_at(fd, start - 1, end - start + 1);
  const auto line_end = text.find('\n');
  return line_end == std::string::npos ? std::string() : text.substr(line_end + 1);
}

}  // namespace

Result<std::string> read_log_tail(const LogWindow& window) {
  const Fd file(::open(window.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid() && errno != ENOENT)
    return fail(ErrorCode::system, "log file " + window.file + " cannot be read: " + std::strerror(errno));
  struct stat facts {};
  if (file.valid()) ::fstat(file.get(), &facts);
  const std::int64_t size = facts.st_size;
  const bool reset = window.cursor > size;
  const bool from_end = window.cursor < 0 || reset;
  std::int64_t start = from_end ? std::max<std::int64_t>(0, size - window.bytes_max) : window.cursor;
  const std::int64_t skipped = !from_end && size - start > window.bytes_max ? size - window.bytes_max - start : 0;
  start += skipped;
  std::string text = file.valid() ? read_lines_from(file.get(), start, size) : std::string();
  const auto finished = text.rfind('\n');
  const std::int64_t cursor =
      size - static_cast<std::int64_t>(finished == std::string::npos ? text.size() : text.size() - finished - 1);
  std::vector<std::string_view> lines = lines_of(text);
  const bool truncated =
      skipped > 0 || (from_end && start > 0) || static_cast<std::int64_t>(lines.size()) > window.lines_max;
  if (static_cast<std::int64_t>(lines.size()) > window.lines_max)
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(window.lines_max));

  JsonWriter writer(text.size() + 256);
  writer.begin_object().member("file", window.file).member("cursor", cursor).member("size", size);
  writer.key("lines").begin_array();
  for (const std::string_view line : lines) writer.value(line);
  writer.end_array();
  if (truncated) writer.member("truncated", true);
  if (reset) writer.member("reset", true);
  if (skipped > 0) writer.member("skippedBytes", skipped);
  return writer.end_object().take();
}

}  // namespace omenia::worker
