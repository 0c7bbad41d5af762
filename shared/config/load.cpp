#include "shared/config/load.h"

#include <algorithm>

#include "shared/config/agents.h"
#include "shared/config/compose.h"
#include "shared/config/file.h"
#include "shared/config/names.h"
#include "shared/config/records.h"
#include "shared/config/substitute.h"

namespace omenia {

namespace {

const JsonPath auth_place{"gateway", "auth"};
const JsonPath tls_place{"gateway", "tls"};

void check_auth(const Config& config, Report& report) {
  if (config.gateway_auth_mode.empty() && !config.gateway_auth_token.empty() && !config.gateway_auth_password.empty())
    report.error(auth_place,
                 "token and password are both configured: set gateway.auth.mode to \"token\" or \"password\"");
}

void check_tls(const Config& config, Report& report) {
  const bool has_certificate = !config.tls_certificate_file.empty();
  const bool has_key = !config.tls_key_file.empty();
  if (!config.tls_enabled) return;
  if (has_certificate != has_key)
    report.error(tls_place, "certPath and keyPath belong together: set both, or none for a certificate made here");
  if (!has_certificate && !has_key && !config.tls_made_here)
    report.error(tls_place, "a certificate is needed: set certPath and keyPath, or autoGenerate to true");
}

void check_references(const Config& config, Report& report) {
  const auto has_provider = [&](const std::string& id) {
    return id == "builtin" ||
           std::any_of(config.providers.begin(), config.providers.end(), [&](const auto& p) { return p.id == id; });
  };
  if (!config.default_agent.empty() && !find_agent(config, config.default_agent))
    report.error({"agents", "defaults", "systemAgent", "agentId"},
                 "Invalid input: no agent " + quoted(config.default_agent) + " under agents.entries");
  if (!has_provider(config.embedding_provider))
    report.error({"memory", "search", "provider"},
                 "Invalid input: no provider " + quoted(config.embedding_provider) + " under models.providers");
}

bool is_empty_list(JsonView value) {
  return value.is_array() && value.size() == 0;
}

void check_tools(const std::vector<std::string>& allow, const std::vector<std::string>& also_allow,
                 const JsonPath& place, Report& report) {
  if (!allow.empty() && !also_allow.empty())
    report.error(place, "allow and alsoAllow exclude each other: put all into allow, or take allow away");
}

void check_all_tools(const Config& config, Report& report) {
  check_tools(config.tools_allow, config.tools_also_allow, {"tools"}, report);
  for (const AgentConfig& agent : config.agents)
    check_tools(agent.tools_allow, agent.tools_also_allow, {"agents", "entries", agent.id, "tools"}, report);
}

void check_hooks(const Config& config, JsonView document, Report& report) {
  const JsonPath place{"hooks"};
  if (config.hooks_enabled && config.hooks_token.empty() && !document["hooks"]["token"])
    report.error(place / "token", "Required: hooks.enabled needs a token that senders show");
  const bool is_of_gateway =
      !config.hooks_token.empty() && (config.hooks_token.reveal() == config.gateway_auth_token.reveal() ||
                                      config.hooks_token.reveal() == config.gateway_auth_password.reveal());
  if (is_of_gateway)
    report.error(place / "token", "Invalid input: the gateway's own secret; who sends webhooks would be its operator");
  for (const char* list : {"allowedSessionKeyPrefixes", "allowedAgentIds"})
    if (is_empty_list(document["hooks"][list]))
      report.error(place / list, "Invalid input: an empty list allows nothing; leave the key out to allow any");
}

void note_missing(const ResolvedDocument& resolved, Reading& reading) {
  for (const auto& [path, variable] : resolved.missing) {
    if (!reading.unresolved.insert(path).second || find_ignored_key(path)) continue;
    reading.report.warn(path, "environment variable " + variable + " is not set: ${" + variable + "} stays unresolved");
  }
}

void validate(const Composition& composed, const ResolvedDocument& resolved, const Environment& environment,
              LoadedConfig& loaded) {
  Report report(composed);
  Reading reading{report, environment, {}};
  note_missing(resolved, reading);
  check_names(resolved.value, report);
  read_fields<Config>(resolved.value, {}, config_keys, loaded.config, reading);
  loaded.config.providers = read_providers(resolved.value, reading);
  loaded.config.agents = read_agents(resolved.value, reading);
  loaded.config.hook_mappings = read_hook_mappings(resolved.value, reading);
  check_auth(loaded.config, report);
  check_tls(loaded.config, report);
  check_references(loaded.config, report);
  check_all_tools(loaded.config, report);
  check_hooks(loaded.config, resolved.value, report);
  report.finish(loaded);
}

LoadedConfig nothing_loaded(const std::string& path) {
  LoadedConfig loaded;
  loaded.path = path;
  loaded.files = {path};
  loaded.source = Json::object();
  loaded.resolved = Json::object();
  loaded.config.agents.push_back(AgentConfig{.id = "main", .name = "", .workspace = "", .model = ""});
  return loaded;
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

LoadedConfig check_composition(Composition composed, const std::string& path, const Environment& environment) {
  LoadedConfig loaded = nothing_loaded(path);
  loaded.exists = true;
  loaded.hash = composed.hash;
  loaded.files = composed.files;
  loaded.errors = composed.issues;
  if (!loaded.valid()) return loaded;
  auto resolved = resolve_variables(composed.value, environment);
  if (!resolved.ok()) {
    loaded.errors.push_back({"<root>", resolved.error().message});
    return loaded;
  }
  validate(composed, resolved.value(), environment, loaded);
  loaded.source = std::move(composed.value);
  loaded.resolved = std::move(resolved.value().value);
  return loaded;
}

LoadedConfig check_config(std::string_view text, const std::string& path, const Environment& environment) {
  return check_composition(compose(text, path, environment), path, environment);
}

Result<LoadedConfig> load_config(const std::string& path, const Environment& environment) {
  TRY_ASSIGN(const auto text, read_config_file(path, limits::config_file_bytes_max));
  if (!text) return nothing_loaded(path);
  return check_config(*text, path, environment);
}

std::string describe_issue(const LoadedConfig& loaded, const ConfigIssue& issue) {
  const std::string line = issue.line > 0 ? ":" + std::to_string(issue.line) : "";
  return "  × " + file_name(issue.file.empty() ? loaded.path : issue.file) + line + " — " + issue.path + ": " +
         issue.message;
}

std::string describe_errors(const LoadedConfig& loaded) {
  std::string text = "Invalid config at " + loaded.path + ":";
  for (const ConfigIssue& issue : loaded.errors) text += "\n" + describe_issue(loaded, issue);
  return text;
}

}  // namespace omenia
