#include "worker/rpc/config_answer.h"

#include <algorithm>

#include "shared/config/edit.h"
#include "shared/config/redact.h"

namespace omenia::rpc {

Json shown_config(const LoadedConfig& loaded) {
  Json document = Json::copy(loaded.resolved);
  for (const auto& key : config_keys) {
    const std::string initial = default_text(key.row);
    const auto path = parse_json_path(key.row.path);
    if (initial.empty() || !path.ok() || value_at(document, path.value())) continue;
    const auto value = Json::parse(initial);
    if (value.ok() && !set_value(document, path.value(), value.value()).ok()) continue;
  }
  return redacted(document, {});
}

void write_issues(JsonWriter& writer, std::string_view name, const std::vector<ConfigIssue>& issues) {
  writer.key(name).begin_array();
  for (const ConfigIssue& issue : issues) {
    writer.begin_object().member("path", issue.path).member("message", issue.message);
    if (issue.line > 0) writer.member("line", issue.line);
    if (!issue.file.empty()) writer.member("file", issue.file);
    writer.end_object();
  }
  writer.end_array();
}

void write_reload(JsonWriter& writer, const worker::PlannedReload& planned) {
  const std::string_view action = planned.problems.empty() ? to_text(planned.decision.action) : "invalid";
  writer.key("reload").begin_object().member("action", action).member("class", to_text(planned.plan.worst()));
  writer.member("mode", planned.mode).member("text", planned.text);
  if (!planned.note.empty()) writer.member("note", planned.note);
  const auto& changes = planned.plan.changes;
  writer.key("changes").begin_array();
  for (std::size_t i = 0; i < std::min<std::size_t>(changes.size(), limits::config_changes_told_max); ++i) {
    writer.begin_object().member("path", to_text(changes[i].path)).member("class", to_text(changes[i].reload));
    if (!changes[i].before.empty()) writer.member("old", changes[i].before);
    if (!changes[i].after.empty()) writer.member("new", changes[i].after);
    writer.end_object();
  }
  writer.end_array();
  write_issues(writer, "problems", planned.problems);
  writer.end_object();
}

}  // namespace omenia::rpc
