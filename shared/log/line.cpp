#include "shared/log/line.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "shared/base/clock.h"
#include "shared/base/utf8.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

struct LevelNames {
  std::string_view word;
  std::string_view capitals;
};
constexpr std::array<LevelNames, 7> level_names = {{
    {"trace", "TRACE"},
    {"debug", "DEBUG"},
    {"info", "INFO"},
    {"warn", "WARN"},
    {"error", "ERROR"},
    {"fatal", "FATAL"},
    {"silent", "SILENT"},
}};

int id_of(LogLevel level) {
  return static_cast<int>(level) + 1;
}

// What a person needs to see of a name such as "gateway/channels/mail": its last two parts, without the common first.
std::string_view short_subsystem(std::string_view subsystem) {
  for (const std::string_view prefix : {"gateway/", "channels/", "providers/"})
    if (subsystem.starts_with(prefix)) subsystem.remove_prefix(prefix.size());
  const std::size_t last = subsystem.rfind('/');
  if (last == std::string_view::npos || last == 0) return subsystem;
  const std::size_t before = subsystem.rfind('/', last - 1);
  return before == std::string_view::npos ? subsystem : subsystem.substr(before + 1);
}

bool is_second_control_block(std::string_view character) {
  return character.size() == 2 && character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
}

void append_escape(std::string& out, unsigned code) {
  char escape[8];
  switch (code) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: std::snprintf(escape, sizeof escape, "\\u%04x", code); out += escape;
  }
}

}  // namespace

std::string_view word_of(LogLevel level) {
  return level_names[static_cast<std::size_t>(level)].word;
}

Result<LogLevel> parse_log_level(std::string_view word) {
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (level_names[i].word == word) return static_cast<LogLevel>(i);
  return fail(ErrorCode::usage, "'" + printable(word) + "' is no log level; use one of silent, fatal, error, warn, " +
                                    "info, debug, trace");
}

std::string json_line(const LogLine& line, std::string_view hostname) {
  JsonWriter name;
  name.begin_object().member("subsystem", line.subsystem).end_object();
  JsonWriter json(line.message.size() * 2 + 512);
  json.begin_object().member("0", name.text()).member("1", line.message);
  json.key("_meta")
      .begin_object()
      .member("runtime", "omeniaclaw")
      .member("hostname", hostname)
      .member("date", iso_utc(line.wall_time_ms))
      .member("logLevelId", id_of(line.level))
      .member("logLevelName", level_names[static_cast<std::size_t>(line.level)].capitals)
      .member("name", name.text());
  json.key("parentNames").begin_array().value("OmeniaClaw").end_array().end_object();
  json.member("time", iso_local(line.wall_time_ms))
      .member("hostname", hostname)
      .member("message", line.message)
      .end_object();
  return json.take() + "\n";
}

std::string terminal_line(const LogLine& line) {
  std::string text = iso_local(line.wall_time_ms);
  text += " [" + printable(short_subsystem(line.subsystem)) + "] ";
  if (line.level >= LogLevel::warn) text.append(word_of(line.level)).append(": ");
  text += printable(line.message);
  text.push_back('\n');
  return text;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = static_cast<std::size_t>(utf8_sequence_length(text));
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    const auto last = static_cast<unsigned char>(character.back());
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (length == 1 && (last < 0x20 || last == 0x7F)) {
      append_escape(out, last);
    } else if (is_second_control_block(character)) {
      append_escape(out, last);  // U+0080 to U+009F: the last byte is the code.
    } else {
      out += character;
    }
    text.remove_prefix(character.size());
  }
  return out;
}

std::string iso_local(std::int64_t wall_time_ms) {
  const std::time_t seconds = static_cast<std::time_t>(wall_time_ms / 1000);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  char date[32];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
  const long minutes = std::labs(parts.tm_gmtoff) / 60;
  char text[64];
  std::snprintf(text, sizeof text, "%s.%03d%c%02ld:%02ld", date, static_cast<int>(wall_time_ms % 1000),
                parts.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
  return text;
}

}  // namespace omenia
