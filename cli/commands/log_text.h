#pragma once
// Lines of the gateway's log file for people and for programs.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace omenia::cli {

struct LogEntry {
  std::string time;  // As written.
  std::string level;
  std::string subsystem;
  std::string message;  // The whole line, when it is none of ours.
};

LogEntry log_entry_of(std::string_view line);

struct LogStyle {
  bool utc = false;
  bool color = false;
};

// "<time> <level> <subsystem> <message>"
std::string log_line_text(const LogEntry& entry, const LogStyle& style);

// {"type":"log","time",…,"raw"}
std::string log_line_json(const LogEntry& entry, std::string_view raw);

// "2026-11-23T08:15:30.123Z" of a time with an offset; the text itself when it is no such time.
std::string time_in_utc(const std::string& time);

}  // namespace omenia::cli
