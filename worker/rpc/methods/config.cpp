// config.get, config.plan, config.schema, config.schema.lookup: the configuration as it is in the file and as it runs.

#include "shared/base/clock.h"
#include "shared/base/version.h"
#include "shared/config/file.h"
#include "shared/config/redact.h"
#include "shared/config/schema.h"
#include "shared/json/json5.h"
#include "worker/config/launch_settings.h"
#include "worker/context.h"
#include "worker/rpc/config_answer.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

namespace {

// The file itself, with its $include directives; secrets hidden.
Json shown_file(const std::string& path) {
  const auto text = read_config_file(real_path(path), limits::config_file_bytes_max);
  if (!text.ok() || !text.value()) return Json::object();
  const auto document = parse_json5(*text.value());
  return document.ok() ? redacted(document.value().value, {}) : Json::object();
}

void write_included(JsonWriter& writer, const LoadedConfig& loaded) {
  writer.key("includedPaths").begin_array();
  for (std::size_t i = 1; i < loaded.files.size(); ++i) writer.value(loaded.files[i]);
  writer.end_array().key("includeProvenance").begin_array().end_array();
  writer.member("agentRosterIncludeOwned", false).member("bindingsIncludeOwned", false);
}

std::string snapshot(const LoadedConfig& loaded, const LoadedConfig& running) {
  const Json file = shown_file(loaded.path);
  const Json source = redacted(loaded.source, {});
  const Json config = shown_config(loaded.valid() ? loaded : running);
  JsonWriter writer(16 * limits::KiB);
  writer.begin_object().member("path", loaded.path);
  write_included(writer, loaded);
  writer.member("exists", loaded.exists).key("raw");
  loaded.exists ? writer.value(file.dump_pretty()) : writer.null();
  writer.member("parsed", file.view()).member("sourceConfig", source.view());
  writer.member("resolved", redacted(loaded.resolved, {}).view()).member("valid", loaded.valid());
  writer.member("runtimeConfig", shown_config(running).view()).member("config", config.view());
  writer.member("hash", loaded.hash);
  write_issues(writer, "issues", loaded.errors);
  write_issues(writer, "warnings", loaded.warnings);
  writer.key("legacyIssues").begin_array().end_array();
  writer.member("configRevisionHash", loaded.hash).member("appliedConfigHash", running.hash);
  return writer.end_object().take();
}

}  // namespace

AnswerTask config_get(CallPointer call) {
  const worker::Context& context = call->context;
  auto loaded = load_config(context.launch.config_path, worker::environment_of(context.launch));
  if (!loaded.ok()) co_return loaded.error();
  co_return Answer{snapshot(loaded.value(), *context.loaded)};
}

AnswerTask config_plan(CallPointer call) {
  worker::Context& context = call->context;
  const worker::PlannedReload& planned = context.live_config.plan();
  JsonWriter writer;
  writer.begin_object().member("ok", planned.problems.empty()).member("path", context.launch.config_path);
  writer.member("appliedConfigHash", context.loaded->hash);
  write_reload(writer, planned);
  co_return Answer{writer.end_object().take()};
}

AnswerTask config_schema(CallPointer) {
  JsonWriter writer(64 * limits::KiB);
  writer.begin_object().raw_member("schema", omenia::config_schema());
  writer.raw_member("uiHints", config_schema_hints()).member("version", version);
  co_return Answer{writer.member("generatedAt", iso_utc(wall_ms())).end_object().take()};
}

AnswerTask config_schema_lookup(CallPointer call) {
  const std::string path(call->params["path"].text());
  auto found = lookup_config_schema(path);
  if (!found) co_return fail(ErrorCode::invalid_request, "config schema path not found: " + path);
  co_return Answer{std::move(*found)};
}

}  // namespace omenia::rpc::methods
