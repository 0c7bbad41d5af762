#pragma once
// Log: the process's log. One JSON line a fact in the file (what `logs.tail` and the operator's tools read), one short
// line on the terminal. A part of the program gets a Logger with its subsystem's name and keeps it by value.
// Never for secrets: known ones are masked before a line is written, but the type Secret cannot be passed at all.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "shared/base/limits.h"
#include "shared/base/result.h"

namespace omenia {

enum class LogLevel { trace, debug, info, warn, error, fatal, silent };

// "warn" and so on; nothing for another word.
Result<LogLevel> parse_log_level(std::string_view word);

struct LogOptions {
  std::string file;  // Empty: no file.
  LogLevel file_level = LogLevel::info;
  LogLevel console_level = LogLevel::info;
  bool console_json = false;
  std::size_t file_bytes_max = limits::log_file_bytes_max;
  std::size_t queue_lines_max = limits::log_queue_lines_max;
};

class LogSink;

class Logger {
 public:
  Logger() = default;  // Writes nowhere; for tests.
  Logger(std::shared_ptr<LogSink> sink, std::string subsystem);

  void trace(std::string_view message) const { write(LogLevel::trace, message); }
  void debug(std::string_view message) const { write(LogLevel::debug, message); }
  void info(std::string_view message) const { write(LogLevel::info, message); }
  void warn(std::string_view message) const { write(LogLevel::warn, message); }
  void error(std::string_view message) const { write(LogLevel::error, message); }
  void fatal(std::string_view message) const { write(LogLevel::fatal, message); }

  bool enabled(LogLevel level) const;  // Ask before building an expensive message.
  void write(LogLevel level, std::string_view message) const;

 private:
  std::shared_ptr<LogSink> sink_;
  std::string subsystem_;
};

class Log {
 public:
  // Opens the file (mode 0600, its folder 0700) for appending. Error: system, names the file.
  static Result<Log> open(LogOptions options);
  Log(Log&&) noexcept;
  Log& operator=(Log&&) noexcept;
  ~Log();  // Writes what is queued.

  Logger logger(std::string subsystem) const;
  void mask(std::string_view secret);               // Every later line shows this text as first 6 … last 4, or ***.
  std::string masked(std::string_view text) const;  // As a line would show it.
  void change(const LogOptions& options);           // Levels, style and size of rotation, from the next line on.
  void flush();
  const std::string& file() const;

 private:
  explicit Log(std::shared_ptr<LogSink> sink);
  std::shared_ptr<LogSink> sink_;
};

}  // namespace omenia
