// config: reads and changes the configuration file, by the path of one value.

#include "shared/config/edit.h"

#include <fstream>

#include "cli/commands/all.h"
#include "cli/failure.h"
#include "cli/output.h"
#include "shared/config/changed_paths.h"
#include "shared/config/keys.h"
#include "shared/config/patch.h"
#include "shared/config/redact.h"
#include "shared/config/write.h"
#include "shared/json/json5.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

bool is_known(const JsonPath& path) {
  return reload_of(path).has_value() || find_key(path) != nullptr || find_ignored_key(path) != nullptr;
}

Error not_there(const Context& context, const JsonPath& path) {
  const std::string name = to_text(path);
  if (!is_known(path)) {
    return fail(ErrorCode::usage, "Unknown config path: " + name + ".\nRun " + context.paths.command("config schema") +
                                      " to inspect valid paths.");
  }
  const KeyRow* row = find_key(path);
  const std::string initial = row == nullptr ? "" : default_text(*row);
  return fail(ErrorCode::usage, name + " is not set" + (initial.empty() ? "." : " (default: " + initial + ")."));
}

Result<std::string> read_patch_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  char chunk[16 * 1024];
  while (file.read(chunk, sizeof chunk) || file.gcount() > 0) {
    text.append(chunk, static_cast<std::size_t>(file.gcount()));
    if (text.size() > limits::config_file_bytes_max) return fail(ErrorCode::usage, "The patch is too large.");
  }
  if (file.eof()) return text;
  return fail(ErrorCode::usage, "Cannot read the patch from " + path + ".");
}

// What has to happen until the running gateway uses the change.
std::string_view hint_for(const JsonPath& path) {
  const bool for_commands = path.size() > 1 && path[0] == "gateway" && path[1] == "remote";
  const auto reload = reload_of(path);
  if (for_commands || !reload) return "No gateway restart needed.";
  return *reload >= Reload::Worker ? "Restart the gateway to apply."
                                   : "Change will apply without restarting the gateway.";
}

Result<Json> value_of(const Arguments& arguments, const JsonPath& path) {
  const std::string& text = arguments.positionals()[1];
  if (!arguments.flag("--strict-json")) return value_from_text(text, path);
  Result<Json> value = Json::parse(text);
  if (!value.ok()) return fail(ErrorCode::usage, "The value must be JSON (--strict-json): " + value.error().message);
  return value;
}

int tell_dry_run(Context& context, const LoadedConfig& checked) {
  if (!context.output.json) {
    if (!checked.valid()) return complain(context, fail(ErrorCode::usage, describe_errors(checked)));
    context.output.line("Dry run: the change is valid. Nothing was written.");
    return 0;
  }
  JsonWriter writer;
  writer.begin_object().member("ok", checked.valid()).member("operations", 1).member("configPath", checked.path);
  writer.key("checks").begin_object().member("schema", true).end_object();
  if (!checked.valid()) {
    writer.key("errors").begin_array();
    for (const ConfigIssue& issue : checked.errors) {
      writer.begin_object().member("kind", "schema").member("message", issue.path + ": " + issue.message).end_object();
    }
    writer.end_array();
  }
  context.output.line(writer.end_object().text());
  return checked.valid() ? 0 : 1;
}

int tell_written(Context& context, const JsonPath& path, std::string_view verb, bool changed) {
  const std::string name = to_text(path);
  if (context.output.json) {
    JsonWriter writer;
    writer.begin_object().member("ok", true).member("path", name).member("changed", changed);
    context.output.line(writer.member("hint", changed ? hint_for(path) : "").end_object().text());
  } else {
    context.output.line(changed ? std::string(verb) + " " + name + ". " + std::string(hint_for(path)) : "No change");
  }
  return 0;
}

// Checks or writes the edited document.
int finish_edit(Context& context, const Arguments& arguments, const JsonPath& path, const Json& document,
                std::string_view verb) {
  if (arguments.flag("--dry-run"))
    return tell_dry_run(context, check_config(document.dump(), context.config.path, context.environment));
  const Result<ConfigWrite> written =
      write_config(context.config.path, document, context.config.hash, context.environment);
  if (!written.ok()) return complain(context, written.error());
  return tell_written(context, path, verb, written.value().changed);
}

// The patch as typed, from a file, or from standard input.
Result<std::string> patch_text(const Arguments& arguments) {
  const auto file = arguments.value("--file");
  if (!file && !arguments.flag("--stdin")) {
    if (!arguments.positionals().empty()) return arguments.positionals().front();
    return fail(ErrorCode::usage, "Give the patch as an argument, with --file or with --stdin.");
  }
  TRY_ASSIGN(const auto text, read_patch_file(file.value_or("/dev/stdin")));
  return text;
}

Result<Json> patched_document(const Context& context, const Arguments& arguments) {
  TRY_ASSIGN(const std::string text, patch_text(arguments));
  TRY_ASSIGN(const Json5Document patch, parse_json5(text));
  std::vector<JsonPath> replaceable;
  if (const auto path = arguments.value("--replace-path")) {
    TRY_ASSIGN(JsonPath parsed, parse_json_path(*path));
    replaceable.push_back(std::move(parsed));
  }
  return patched(context.config.source, patch.value, replaceable);
}

void write_issues(JsonWriter& writer, std::string_view name, const std::vector<ConfigIssue>& issues) {
  writer.key(name).begin_array();
  for (const ConfigIssue& issue : issues)
    writer.begin_object().member("path", issue.path).member("message", issue.message).end_object();
  writer.end_array();
}

std::string validation_json(const LoadedConfig& config) {
  JsonWriter writer;
  writer.begin_object();
  if (!config.valid()) {
    writer.member("ok", false).key("error").begin_object().member("type", "cli_error");
    writer.member("message", "OmeniaClaw config is invalid: " + config.path).end_object();
  }
  writer.member("valid", config.valid()).member("path", config.path).member("exists", config.exists);
  if (!config.valid()) write_issues(writer, "issues", config.errors);
  write_issues(writer, "warnings", config.warnings);
  return writer.end_object().take();
}

}  // namespace

int run_config_file(Context& context, const Arguments&) {
  JsonWriter writer;
  writer.begin_object().member("path", context.paths.config_path).end_object();
  context.output.line(context.output.json ? writer.text() : context.paths.config_path);
  return 0;
}

int run_config_get(Context& context, const Arguments& arguments) {
  const Result<JsonPath> path = parse_json_path(arguments.positionals().front());
  if (!path.ok()) return complain(context, path.error());
  const JsonView value = value_at(context.config.source, path.value());
  if (!value && !context.config.source.view().first() && !context.config.valid())
    return complain(context, fail(ErrorCode::usage, describe_errors(context.config)));
  if (!value) return complain(context, not_there(context, path.value()));
  const Json shown = redacted(value, path.value());
  const bool bare = shown.view().is_string() && !context.output.json;
  context.output.line(bare                  ? std::string(shown.view().text())
                      : context.output.json ? shown.dump()
                                            : shown.dump_pretty());
  return 0;
}

int run_config_set(Context& context, const Arguments& arguments) {
  const Result<JsonPath> path = parse_json_path(arguments.positionals().front());
  if (!path.ok()) return complain(context, path.error());
  const Result<Json> value = value_of(arguments, path.value());
  if (!value.ok()) return complain(context, value.error());
  Json document = Json::copy(context.config.source);
  const Result<void> set = set_value(document, path.value(), value.value());
  if (!set.ok()) return complain(context, set.error());
  return finish_edit(context, arguments, path.value(), document, "Updated");
}

int run_config_unset(Context& context, const Arguments& arguments) {
  const Result<JsonPath> path = parse_json_path(arguments.positionals().front());
  if (!path.ok()) return complain(context, path.error());
  Json document = Json::copy(context.config.source);
  if (!unset_value(document, path.value())) return complain(context, not_there(context, path.value()));
  return finish_edit(context, arguments, path.value(), document, "Removed");
}

int run_config_patch(Context& context, const Arguments& arguments) {
  const Result<Json> document = patched_document(context, arguments);
  if (!document.ok()) return complain(context, document.error());
  const auto changed = changed_paths(context.config.source, document.value());
  const JsonPath first = changed.empty() ? JsonPath() : changed.front();
  return finish_edit(context, arguments, first, document.value(),
                     changed.size() > 1 ? "Updated several keys, first" : "Updated");
}

int run_config_validate(Context& context, const Arguments&) {
  const LoadedConfig& config = context.config;
  if (context.output.json) {
    context.output.line(validation_json(config));
    return config.valid() ? 0 : 1;
  }
  if (config.valid()) {
    context.output.line("Config valid: " + config.path + (config.exists ? "" : " (there is no such file: defaults)"));
    for (const ConfigIssue& issue : config.warnings)
      context.output.note("Warning: " + issue.path + ": " + issue.message);
    return 0;
  }
  const std::string problems = describe_errors(config);
  context.output.note("OmeniaClaw config is invalid: " + config.path + problems.substr(problems.find('\n')));
  return 1;
}

}  // namespace omenia::cli
