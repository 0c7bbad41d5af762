#pragma once
// LogLine: one fact on its way to the file and the terminal, and the two ways it is written there. Whatever a message
// holds, it stays one line.

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/log/log.h"

namespace omenia {

struct LogLine {
  std::int64_t wall_time_ms = 0;
  LogLevel level = LogLevel::info;
  std::string_view subsystem;
  std::string_view message;
};

std::string_view word_of(LogLevel level);  // "warn"

// The JSON object that the file holds, with a newline at its end.
std::string json_line(const LogLine& line, std::string_view hostname);

// "<time> [subsystem] message", from warn on "<time> [subsystem] warn: message"; with a newline at its end.
std::string terminal_line(const LogLine& line);

// The text with control characters written as escapes and broken UTF-8 replaced, so that it can neither start
// another line nor steer a terminal.
std::string printable(std::string_view text);

// "2026-11-23T09:15:30.123+01:00"
std::string iso_local(std::int64_t wall_time_ms);

}  // namespace omenia
