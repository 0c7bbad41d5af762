#include "worker/rpc/methods/config_change.h"

#include "shared/base/clock.h"
#include "worker/rpc/config_answer.h"

namespace omenia::rpc::methods {

void write_paths(JsonWriter& writer, const std::vector<JsonPath>& paths) {
  writer.key("changedPaths").begin_array();
  for (const JsonPath& path : paths) writer.value(to_text(path));
  writer.end_array();
}

void tell_change(worker::Context& context, const ConfigWrite& written) {
  JsonWriter event;
  event.begin_object().member("path", written.loaded.path).member("hash", written.loaded.hash);
  write_paths(event, written.paths);
  context.live_config.set_told(written.loaded.hash);
  context.hub.broadcast(Event::config_changed, event.member("ts", wall_ms()).end_object().text());
}

void take_over(worker::Context& context, JsonWriter& writer) {
  const worker::PlannedReload planned = context.live_config.plan();
  if (planned.problems.empty() && planned.decision.action == ReloadAction::apply) {
    if (const auto applied = context.live_config.apply(); !applied.ok())
      writer.member("reloadError", applied.error().message);
  }
  write_reload(writer, planned);
  if (planned.decision.action != ReloadAction::swap) return;
  writer.key("restart").begin_object().member("scheduled", true).member("reason", planned.text).end_object();
}

}  // namespace omenia::rpc::methods
