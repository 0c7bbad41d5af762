#include "shared/log/log.h"

#include <poll.h>
#include <signal.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/sink.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/utf8.h"
#include "shared/log/file.h"
#include "shared/log/line.h"
#include "shared/log/mask.h"

namespace omenia {

namespace {

static_assert(static_cast<int>(LogLevel::trace) == spdlog::level::trace &&
                  static_cast<int>(LogLevel::silent) == spdlog::level::off,
              "our levels and the library's are numbered alike");

spdlog::level::level_enum library_level(LogLevel level) {
  return static_cast<spdlog::level::level_enum>(level);
}

LogLine line_of(const spdlog::details::log_msg& message) {
  const auto since_epoch = std::chrono::duration_cast<std::chrono::milliseconds>(message.time.time_since_epoch());
  return {since_epoch.count(),
          static_cast<LogLevel>(message.level),
          {message.logger_name.data(), message.logger_name.size()},
          {message.payload.data(), message.payload.size()}};
}

std::string this_host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// A terminal or pipe. One that nobody reads loses lines instead of stopping the log: it is waited for once, then not
// again before it takes something.
class Terminal {
 public:
  explicit Terminal(int fd) : fd_(fd) {}

  void write(std::string_view text) {
    constexpr std::size_t pipe_bytes = 4096;  // What a pipe takes whole when it is writable.
    while (!text.empty()) {
      pollfd ready{fd_, POLLOUT, 0};
      stuck_ = ::poll(&ready, 1, stuck_ ? 0 : limits::log_console_ms_max) != 1;
      if (stuck_ || (ready.revents & POLLOUT) == 0) return;
      const ssize_t put = ::write(fd_, text.data(), std::min(text.size(), pipe_bytes));
      if (put <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(put));
    }
  }

 private:
  int fd_;
  bool stuck_ = false;
};

// What both sinks share: they format by themselves and are called by the one log thread.
class Sink : public spdlog::sinks::sink {
 public:
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}
};

class TerminalSink : public Sink {
 public:
  TerminalSink(bool json, std::string hostname) : json_(json), hostname_(std::move(hostname)) {}
  void set_json(bool json) { json_ = json; }
  void log(const spdlog::details::log_msg& message) override {
    const LogLine line = line_of(message);
    Terminal& terminal = line.level >= LogLevel::warn ? errors_ : output_;
    terminal.write(json_ ? json_line(line, hostname_) : terminal_line(line));
  }
  void flush() override {}

 private:
  std::atomic<bool> json_;  // Set on another thread.
  std::string hostname_;
  Terminal output_{STDOUT_FILENO};
  Terminal errors_{STDERR_FILENO};
};

class FileSink : public Sink {
 public:
  FileSink(LogFile file, std::size_t bytes_max, std::string hostname)
      : file_(std::move(file)), bytes_max_(bytes_max), hostname_(std::move(hostname)) {}
  void set_bytes_max(std::size_t bytes_max) { bytes_max_ = bytes_max; }
  void log(const spdlog::details::log_msg& message) override {
    file_.set_bytes_max(bytes_max_);
    const auto written = file_.append(json_line(line_of(message), hostname_));
    if (!written.ok() && !failing_) Terminal(STDERR_FILENO).write(printable(written.error().message) + "\n");
    failing_ = !written.ok();
  }
  void flush() override {}
  const std::string& path() const { return file_.path(); }

 private:
  LogFile file_;
  std::atomic<std::size_t> bytes_max_;  // Set on another thread.
  std::string hostname_;
  bool failing_ = false;  // Said once, not once a line.
};

using Queue = spdlog::details::thread_pool;

// Stands before the others and tells them where lines are missing: the queue drops its oldest when it is full. Asked on
// the log's own thread, so that the notice cannot be dropped itself.
class GapSink : public Sink {
 public:
  GapSink(Queue& queue, std::vector<spdlog::sink_ptr> others) : queue_(queue), others_(std::move(others)) {}

  void log(const spdlog::details::log_msg& message) override {
    const std::size_t lost = queue_.overrun_counter();
    if (lost == told_) return;
    const std::string text =
        std::to_string(lost - told_) + " log lines were lost here: they came faster than they could be written";
    told_ = lost;
    const spdlog::details::log_msg notice(message.time, {}, "log", spdlog::level::warn, text);
    for (const auto& sink : others_)
      if (sink->should_log(notice.level)) sink->log(notice);
  }
  void flush() override {}

 private:
  Queue& queue_;  // Outlives its thread, which is the one that is here.
  std::vector<spdlog::sink_ptr> others_;
  std::size_t told_ = 0;
};

// Numbers that are posted through the queue: when one has passed, everything posted before it is written.
class Barrier : public Sink {
 public:
  void log(const spdlog::details::log_msg& message) override {
    std::uint64_t number = 0;
    std::from_chars(message.payload.data(), message.payload.data() + message.payload.size(), number);
    {
      const std::lock_guard lock(mutex_);
      passed_ = std::max(passed_, number);
    }
    changed_.notify_all();
  }
  void flush() override {}
  bool wait_for(std::uint64_t number, std::chrono::milliseconds time_max) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time_max, [&] { return passed_ >= number; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t passed_ = 0;
};

using Channel = std::shared_ptr<spdlog::async_logger>;  // What the library calls a logger: sinks behind the queue.

Channel channel_to(std::vector<spdlog::sink_ptr> sinks, const std::shared_ptr<Queue>& queue) {
  return std::make_shared<spdlog::async_logger>("OmeniaClaw", sinks.begin(), sinks.end(), queue,
                                                spdlog::async_overflow_policy::overrun_oldest);
}

// Signals belong to the thread that runs the loop.
void block_signals() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

// The queue, its thread and the sinks behind it. Lives as long as the last Logger.
class LogSink {
 public:
  LogSink(const LogOptions& options, std::optional<LogFile> file);

  void change(const LogOptions& options);
  bool enabled(LogLevel level) const { return level < LogLevel::silent && level >= lowest_; }
  void write(LogLevel level, std::string_view subsystem, std::string_view message);
  void flush();
  SecretMask& secrets() { return secrets_; }
  const std::string& file() const { return file_path_; }

 private:
  void post(Channel channel, LogLevel level, std::string_view subsystem, std::string_view message);

  std::atomic<LogLevel> lowest_;
  std::string file_path_;
  SecretMask secrets_;
  std::atomic<std::uint64_t> flushes_asked_ = 0;
  std::shared_ptr<FileSink> file_;  // Null: no file.
  std::shared_ptr<TerminalSink> terminal_;
  std::shared_ptr<Barrier> barrier_ = std::make_shared<Barrier>();
  Channel lines_;
  Channel flushes_;
  std::shared_ptr<Queue> queue_;  // Destroyed first: joins the thread when the queue is empty.
};

LogSink::LogSink(const LogOptions& options, std::optional<LogFile> file)
    : queue_(std::make_shared<Queue>(options.queue_lines_max, 1, &block_signals)) {
  const std::string hostname = this_host();
  std::vector<spdlog::sink_ptr> sinks;
  if (file) {
    file_path_ = file->path();
    file_ = std::make_shared<FileSink>(std::move(*file), options.file_bytes_max, hostname);
    sinks.push_back(file_);
  }
  terminal_ = std::make_shared<TerminalSink>(options.console_json, hostname);
  sinks.push_back(terminal_);
  change(options);
  sinks.insert(sinks.begin(), std::make_shared<GapSink>(*queue_, sinks));
  lines_ = channel_to(std::move(sinks), queue_);
  flushes_ = channel_to({barrier_}, queue_);
}

void LogSink::change(const LogOptions& options) {
  if (file_) {
    file_->set_level(library_level(options.file_level));
    file_->set_bytes_max(options.file_bytes_max);
  }
  terminal_->set_level(library_level(options.console_level));
  terminal_->set_json(options.console_json);
  lowest_ = std::min(options.console_level, file_ ? options.file_level : LogLevel::silent);
}

void LogSink::write(LogLevel level, std::string_view subsystem, std::string_view message) {
  std::string masked;
  if (secrets_.apply(message, masked)) message = masked;
  std::string cut;
  if (message.size() > limits::log_message_bytes_max) {
    const std::string_view head = utf8_prefix(message, limits::log_message_bytes_max);
    cut = std::string(head) + "… (" + std::to_string(message.size() - head.size()) + " bytes cut)";
    message = cut;
  }
  post(lines_, level, subsystem, message);
  if (level == LogLevel::fatal) flush();  // The process may end at the next statement.
}

void LogSink::post(Channel channel, LogLevel level, std::string_view subsystem, std::string_view message) {
  const spdlog::details::log_msg line(spdlog::source_loc{}, {subsystem.data(), subsystem.size()}, library_level(level),
                                      {message.data(), message.size()});
  queue_->post_log(std::move(channel), line, spdlog::async_overflow_policy::overrun_oldest);
}

// Asked again while lines pour in, since the queue may have dropped the question with its oldest lines.
void LogSink::flush() {
  const std::int64_t deadline_ms = steady_ms() + limits::log_flush_ms_max;
  const std::uint64_t number = ++flushes_asked_;
  do {
    post(flushes_, LogLevel::info, "", std::to_string(number));
    if (barrier_->wait_for(number, std::chrono::milliseconds(200))) return;
  } while (steady_ms() < deadline_ms);
}

Logger::Logger(std::shared_ptr<LogSink> sink, std::string subsystem)
    : sink_(std::move(sink)), subsystem_(std::move(subsystem)) {}

bool Logger::enabled(LogLevel level) const {
  return sink_ && sink_->enabled(level);
}

void Logger::write(LogLevel level, std::string_view message) const {
  if (enabled(level)) sink_->write(level, subsystem_, message);
}

Result<Log> Log::open(LogOptions options) {
  std::optional<LogFile> file;
  if (!options.file.empty()) {
    TRY_ASSIGN(file, LogFile::open(options.file, options.file_bytes_max));
  }
  try {
    return Log(std::make_shared<LogSink>(options, std::move(file)));
  } catch (const std::exception& problem) {
    return fail(ErrorCode::system, std::string("the log cannot be opened: ") + problem.what());
  }
}

Log::Log(std::shared_ptr<LogSink> sink) : sink_(std::move(sink)) {}
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;
Log::~Log() {
  if (sink_) sink_->flush();
}

Logger Log::logger(std::string subsystem) const {
  return Logger(sink_, std::move(subsystem));
}
void Log::mask(std::string_view secret) {
  sink_->secrets().add(secret);
}
std::string Log::masked(std::string_view text) const {
  std::string masked;
  return sink_->secrets().apply(text, masked) ? masked : std::string(text);
}
void Log::change(const LogOptions& options) {
  sink_->change(options);
}
void Log::flush() {
  sink_->flush();
}
const std::string& Log::file() const {
  return sink_->file();
}

}  // namespace omenia
