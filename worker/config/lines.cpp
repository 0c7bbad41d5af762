#include "worker/config/lines.h"

#include <algorithm>

#include "shared/base/utf8.h"
#include "shared/json/writer.h"
#include "worker/context.h"

namespace omenia::worker {

namespace {

constexpr std::size_t value_bytes_max = 400;
constexpr std::size_t text_bytes_max = 4 * limits::KiB;

std::string cut(const std::string& text, std::size_t bytes_max) {
  const std::string_view head = utf8_prefix(text, bytes_max);
  return head.size() == text.size() ? text : std::string(head) + "…";
}

void write_changes(JsonWriter& line, const std::vector<ConfigChange>& changes) {
  constexpr std::size_t told_max = limits::config_changes_told_max;
  line.key("changes").begin_array();
  for (std::size_t i = 0; i < std::min(changes.size(), told_max); ++i) {
    const ConfigChange& change = changes[i];
    line.begin_object().member("path", to_text(change.path)).member("class", to_text(change.reload));
    if (!change.before.empty()) line.member("old", cut(change.before, value_bytes_max));
    if (!change.after.empty()) line.member("new", cut(change.after, value_bytes_max));
    line.end_object();
  }
  line.end_array();
}

void write_problems(JsonWriter& line, const std::vector<ConfigIssue>& problems) {
  line.key("problems").begin_array();
  for (const ConfigIssue& problem : problems) {
    line.begin_object().member("path", problem.path).member("message", cut(problem.message, text_bytes_max));
    if (problem.line > 0) line.member("line", problem.line);
    if (!problem.file.empty()) line.member("file", problem.file);
    line.end_object();
  }
  line.end_array();
}

void write_effective(JsonWriter& line, const EffectiveSettings& effective) {
  line.member("bindMode", effective.bind_mode).key("listen").begin_array();
  for (const ListenAddress& address : effective.listen)
    line.begin_object().member("host", address.host).member("port", address.port).end_object();
  line.end_array();
}

}  // namespace

std::string plan_line(Context& context) {
  const PlannedReload& planned = context.live_config.plan();
  const bool usable = planned.problems.empty();
  JsonWriter line;
  line.begin_object().member("type", "planned").member("class", to_text(planned.plan.worst()));
  line.member("mode", planned.mode).member("action", usable ? to_text(planned.decision.action) : "invalid");
  write_changes(line, planned.plan.changes);
  write_problems(line, planned.problems);
  line.key("files").begin_array();
  for (const std::string& file : planned.files) line.value(file);
  line.end_array();
  write_effective(line, planned.effective);
  return line.member("text", cut(planned.text, text_bytes_max)).end_object().take();
}

std::string apply_line(Context& context) {
  const Result<AppliedReload> applied = context.live_config.apply();
  JsonWriter line;
  line.begin_object().member("type", "applied").member("ok", applied.ok());
  if (!applied.ok()) return line.member("text", applied.error().message).end_object().take();
  line.member("hash", applied.value().hash);
  write_changes(line, applied.value().changes);
  return line.member("text", applied.value().text).end_object().take();
}

}  // namespace omenia::worker
