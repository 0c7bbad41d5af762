// config.set, config.patch, config.apply: changes of the file by a client that has read it. The answer says what the
// running gateway made of the change.

#include "shared/config/patch.h"
#include "shared/config/redact.h"
#include "shared/config/restore.h"
#include "shared/config/write.h"
#include "shared/json/json5.h"
#include "worker/config/launch_settings.h"
#include "worker/context.h"
#include "worker/rpc/config_answer.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/config_change.h"

namespace omenia::rpc::methods {

namespace {

Result<void> check_base_hash(const LoadedConfig& current, std::string_view base_hash) {
  if (current.exists && base_hash.empty())
    return fail(ErrorCode::invalid_request, "config base hash required; re-run config.get and retry");
  if (current.hash != base_hash)
    return fail(ErrorCode::invalid_request, "config changed since last load; re-run config.get and retry");
  return {};
}

Result<std::vector<JsonPath>> paths_in(JsonView list) {
  std::vector<JsonPath> paths;
  for (JsonView item = list.first(); item; item = item.next()) {
    TRY_ASSIGN(JsonPath path, parse_json_path(item.text()));
    paths.push_back(std::move(path));
  }
  return paths;
}

Result<Json> read_raw(JsonView params) {
  TRY_ASSIGN(Json5Document document, parse_json5(params["raw"].text()));
  if (document.value.view().is_object()) return std::move(document.value);
  return fail(ErrorCode::invalid_request, "the configuration has to be an object");
}

// The whole configuration that the client wants.
Result<Json> wanted_by(const Call& call, bool is_patch, const LoadedConfig& current) {
  TRY_ASSIGN(Json raw, read_raw(call.params));
  if (is_patch) {
    TRY_ASSIGN(const auto replaceable, paths_in(call.params["replacePaths"]));
    TRY_ASSIGN(raw, patched(current.source, raw, replaceable));
  }
  return restored(raw, current);
}

// Beside the loop: the disk may take its time.
Result<ConfigWrite> write(const Call& call, bool is_patch) {
  const Launch& launch = call.context.launch;
  const Environment environment = worker::environment_of(launch);
  const std::string& path = launch.config_path;
  TRY_ASSIGN(const LoadedConfig current, load_config(path, environment));
  TRY(check_base_hash(current, call.params["baseHash"].text()));
  TRY_ASSIGN(const Json wanted, wanted_by(call, is_patch, current));
  if (is_patch || !holds_include(wanted)) return write_config(path, wanted, current.hash, environment);
  return replace_config_file(path, {path, wanted.dump_pretty() + "\n"}, current.hash, environment);
}

AnswerTask change(CallPointer call, bool is_patch) {
  worker::Context& context = call->context;
  const std::function<Result<ConfigWrite>()> work = [call, is_patch] { return write(*call, is_patch); };
  TRY_AWAIT(const ConfigWrite written, context.aside.run(work));
  JsonWriter writer(8 * limits::KiB);
  writer.begin_object().member("ok", true).member("path", written.loaded.path).member("hash", written.loaded.hash);
  writer.member("config", shown_config(written.loaded).view());
  write_paths(writer, written.paths);
  if (written.changed) {
    writer.member("file", written.file);
    tell_change(context, written);
    take_over(context, writer);
  } else {
    writer.member("noop", true);
  }
  co_return Answer{writer.end_object().take()};
}

}  // namespace

AnswerTask config_set(CallPointer call) {
  return change(std::move(call), false);
}

AnswerTask config_patch(CallPointer call) {
  return change(std::move(call), true);
}

// As config.set: the change is applied, or a new worker takes over, without a restart that anybody would notice.
AnswerTask config_apply(CallPointer call) {
  return change(std::move(call), false);
}

}  // namespace omenia::rpc::methods
