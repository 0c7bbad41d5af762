// See log_text.h.

#include "cli/commands/log_text.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <ctime>

#include "shared/base/clock.h"
#include "shared/json/json.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return lowered;
}

// The subsystem stands as JSON text in the member "0".
std::string subsystem_of(JsonView line) {
  const Result<Json> name = Json::parse(line["0"].text("{}"));
  return name.ok() ? std::string(name.value()["subsystem"].text()) : "";
}

std::string_view color_of(std::string_view level) {
  if (level == "error" || level == "fatal") return "\x1b[31m";
  if (level == "warn") return "\x1b[33m";
  if (level == "debug" || level == "trace") return "\x1b[2m";
  return "\x1b[36m";
}

}  // namespace

LogEntry log_entry_of(std::string_view line) {
  const Result<Json> json = Json::parse(line);
  if (!json.ok() || !json.value().view().is_object())
    return {.time = "", .level = "", .subsystem = "", .message = std::string(line)};
  const JsonView view = json.value();
  return {.time = std::string(view["time"].text()),
          .level = lower(view["_meta"]["logLevelName"].text()),
          .subsystem = subsystem_of(view),
          .message = std::string(view["message"].text(view["1"].text(line)))};
}

std::string log_line_text(const LogEntry& entry, const LogStyle& style) {
  std::string text;
  const auto append = [&text](std::string_view part) {
    if (part.empty()) return;
    if (!text.empty()) text += " ";
    text += part;
  };
  append(style.utc ? time_in_utc(entry.time) : entry.time);
  append(style.color && !entry.level.empty() ? std::string(color_of(entry.level)) + entry.level + "\x1b[0m"
                                             : entry.level);
  append(entry.subsystem);
  append(entry.message);
  return text;
}

std::string log_line_json(const LogEntry& entry, std::string_view raw) {
  JsonWriter writer;
  writer.begin_object().member("type", "log");
  if (!entry.time.empty()) writer.member("time", entry.time);
  if (!entry.level.empty()) writer.member("level", entry.level);
  if (!entry.subsystem.empty()) writer.member("subsystem", entry.subsystem);
  return writer.member("message", entry.message).member("raw", raw).end_object().take();
}

std::string time_in_utc(const std::string& time) {
  std::tm parts{};
  int milliseconds = 0;
  int length = 0;
  const int found = std::sscanf(time.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3d%n", &parts.tm_year, &parts.tm_mon,
                                &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &milliseconds, &length);
  if (found != 7) return time;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  int hours = 0;
  int minutes = 0;
  const std::string offset = time.substr(static_cast<std::size_t>(length));
  if (offset != "Z" && std::sscanf(offset.c_str(), "%3d:%2d", &hours, &minutes) != 2) return time;
  const std::int64_t offset_seconds = hours * 3600 + (offset.starts_with('-') ? -minutes : minutes) * 60;
  return iso_utc((static_cast<std::int64_t>(::timegm(&parts)) - offset_seconds) * 1000 + milliseconds);
}

}  // namespace omenia::cli
