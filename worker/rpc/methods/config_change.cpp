#include "worker/rpc/methods/config_change.h"

#include "shared/base/clock.h"
#include "worker/config/launch_settings.h"
#include "worker/rpc/config_answer.h"

namespace omenia::rpc::methods {

namespace {

Result<ConfigWrite> write(const Launch& launch, const ConfigEdit& edit) {
  const Environment environment = worker::environment_of(launch);
  TRY_ASSIGN(const LoadedConfig current, load_config(launch.config_path, environment));
  Json document = Json::copy(current.source);
  TRY(edit(document));
  return write_config(launch.config_path, document, current.hash, environment);
}

}  // namespace

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

Task<Result<void>> edit_config(CallPointer call, ConfigEdit edit) {
  worker::Context& context = call->context;
  const std::function<Result<ConfigWrite>()> work = [call, edit = std::move(edit)] {
    return write(call->context.launch, edit);
  };
  TRY_AWAIT(const ConfigWrite written, context.aside.run(work));
  if (!written.changed) co_return Result<void>();
  tell_change(context, written);
  JsonWriter unread;
  take_over(context, unread.begin_object());
  co_return Result<void>();
}

}  // namespace omenia::rpc::methods
