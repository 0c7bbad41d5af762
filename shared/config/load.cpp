#include "shared/config/load.h"

#include <algorithm>

#include "shared/base/ids.h"
#include "shared/config/file.h"
#include "shared/config/names.h"
#include "shared/config/records.h"
#include "shared/config/substitute.h"

namespace omenia {

namespace {

const JsonPath auth_place{"gateway", "auth"};

void check_auth(const Config& config, Report& report) {
  if (config.gateway_auth_mode.empty() && !config.gateway_auth_token.empty() && !config.gateway_auth_password.empty())
    report.error(auth_place,
                 "token and password are both configured: set gateway.auth.mode to \"token\" or \"password\"");
}

void check_references(const Config& config, Report& report) {
  const auto has_agent = [&](const std::string& id) {
    return std::any_of(config.agents.begin(), config.agents.end(), [&](const auto& agent) { return agent.id == id; });
  };
  const auto has_provider = [&](const std::string& id) {
    return id == "builtin" ||
           std::any_of(config.providers.begin(), config.providers.end(), [&](const auto& p) { return p.id == id; });
  };
  if (!config.default_agent.empty() && !has_agent(config.default_agent))
    report.error({"agents", "defaults", "systemAgent", "agentId"},
                 "Invalid input: no agent " + quoted(config.default_agent) + " under agents.entries");
  if (!has_provider(config.embedding_provider))
    report.error({"memory", "search", "provider"},
                 "Invalid input: no provider " + quoted(config.embedding_provider) + " under models.providers");
}

void note_missing(const ResolvedDocument& resolved, Reading& reading) {
  for (const auto& [path, variable] : resolved.missing) {
    if (!reading.unresolved.insert(path).second || find_ignored_key(path)) continue;
    reading.report.warn(path, "environment variable " + variable + " is not set: ${" + variable + "} stays unresolved");
  }
}

void validate(const Json5Document& document, const ResolvedDocument& resolved, const Environment& environment,
              LoadedConfig& loaded) {
  Report report(document);
  Reading reading{report, environment, {}};
  note_missing(resolved, reading);
  check_names(resolved.value, report);
  read_fields<Config>(resolved.value, {}, config_keys, loaded.config, reading);
  loaded.config.providers = read_providers(resolved.value, reading);
  loaded.config.agents = read_agents(resolved.value, reading);
  check_auth(loaded.config, report);
  check_references(loaded.config, report);
  report.finish(loaded);
}

LoadedConfig nothing_loaded(const std::string& path) {
  LoadedConfig loaded;
  loaded.path = path;
  loaded.source = Json::object();
  loaded.resolved = Json::object();
  loaded.config.agents.push_back(AgentConfig{.id = "main", .name = "", .workspace = "", .model = ""});
  return loaded;
}

ConfigIssue document_issue(const Error& error) {
  const auto details = Json::parse(error.details);
  const auto line = details.ok() ? details.value()["line"].integer() : 0;
  return {"<root>", error.message, static_cast<int>(line)};
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

LoadedConfig check_config(std::string_view text, const std::string& path, const Environment& environment) {
  LoadedConfig loaded = nothing_loaded(path);
  loaded.exists = true;
  loaded.hash = sha256_hex(text);
  auto document = parse_json5(text);
  if (!document.ok()) {
    loaded.errors.push_back(document_issue(document.error()));
    return loaded;
  }
  auto resolved = resolve_variables(document.value().value, environment);
  if (!resolved.ok()) {
    loaded.errors.push_back(document_issue(resolved.error()));
    return loaded;
  }
  validate(document.value(), resolved.value(), environment, loaded);
  loaded.source = std::move(document.value().value);
  loaded.resolved = std::move(resolved.value().value);
  return loaded;
}

Result<LoadedConfig> load_config(const std::string& path, const Environment& environment) {
  TRY_ASSIGN(const auto text, read_config_file(path, limits::config_file_bytes_max));
  if (!text) return nothing_loaded(path);
  return check_config(*text, path, environment);
}

std::string describe_errors(const LoadedConfig& loaded) {
  std::string text = "Invalid config at " + loaded.path + ":";
  for (const ConfigIssue& issue : loaded.errors) {
    const std::string line = issue.line > 0 ? ":" + std::to_string(issue.line) : "";
    text += "\n  × " + file_name(loaded.path) + line + " — " + issue.path + ": " + issue.message;
  }
  return text;
}

}  // namespace omenia
