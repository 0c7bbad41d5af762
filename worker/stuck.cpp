#include "worker/stuck.h"

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <string_view>

namespace omenia::worker {

namespace {

constexpr int frames_max = 64;
constexpr std::string_view file_start = "/logs/stability/OmeniaClaw-stuck-";
constexpr std::string_view file_end = ".txt";
constexpr std::string_view heading =
    "OmeniaClaw-worker: the event loop stood still, and this is where.\n"
    "A name behind an address: addr2line -Cfe <program> <offset>\n";

// A signal handler can be given nothing, so what it needs lies here, made before the handler is set.
char file_prefix[PATH_MAX];
std::size_t file_prefix_bytes = 0;

// Writes text into a fixed space without anything that a signal handler may not call.
class Path {
 public:
  void add(std::string_view text) {
    for (const char c : text)
      if (size_ + 1 < sizeof bytes_) bytes_[size_++] = c;
  }
  void add(std::uint64_t number) {
    char digits[20];
    std::size_t count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    while (count > 0) add(std::string_view(&digits[--count], 1));
  }
  const char* text() const { return bytes_; }

 private:
  char bytes_[PATH_MAX] = {};
  std::size_t size_ = 0;
};

void write_stack(int) {
  const int cause = errno;
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  Path path;
  path.add(std::string_view(file_prefix, file_prefix_bytes));
  path.add(static_cast<std::uint64_t>(now.tv_sec));
  path.add("-");
  path.add(static_cast<std::uint64_t>(::getpid()));
  path.add(file_end);
  const int file = ::open(path.text(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file >= 0) {
    void* frames[frames_max];
    const int count = ::backtrace(frames, frames_max);
    if (::write(file, heading.data(), heading.size()) > 0) ::backtrace_symbols_fd(frames, count, file);
    ::close(file);
  }
  errno = cause;
}

}  // namespace

void write_stack_when_asked(const std::string& state_dir) {
  const std::string prefix = state_dir + std::string(file_start);
  if (prefix.size() >= sizeof file_prefix) return;
  file_prefix_bytes = prefix.copy(file_prefix, prefix.size());
  void* first[1];
  ::backtrace(first, 1);  // The first call loads what it needs, which a handler may not.
  struct sigaction action {};
  action.sa_handler = write_stack;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGUSR2, &action, nullptr);
}

}  // namespace omenia::worker
