#include "shared/config/records.h"

#include <algorithm>
#include <cctype>

#include "shared/config/rules.h"

namespace omenia {

namespace {

constexpr std::size_t id_chars_max = 64;

// Ids stand in model names before the slash.
std::optional<std::string> provider_id_problem(std::string_view id) {
  if (id == "builtin") return "Invalid input: the provider \"builtin\" is part of the gateway; choose another id";
  const bool has_bad_letter = std::any_of(id.begin(), id.end(), [](unsigned char c) { return c < 0x20 || c == '/'; });
  if (has_bad_letter || id.size() > id_chars_max || problem_of(key_rules::name, id))
    return "Invalid input: a provider's id has 1 to 64 characters, no slash and no control characters";
  return std::nullopt;
}

bool is_agent_id(std::string_view id) {
  const auto is_plain = [](unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !id.empty() && id.size() <= id_chars_max && is_plain(static_cast<unsigned char>(id[0])) &&
         std::all_of(id.begin(), id.end(), [&](unsigned char c) { return is_plain(c) || c == '_' || c == '-'; });
}

std::vector<ModelConfig> read_models(JsonView list, const JsonPath& place, Reading& reading) {
  std::vector<ModelConfig> models;
  std::set<std::string> ids;
  std::size_t index = 0;
  for (JsonView item = list.is_array() ? list.first() : JsonView(); item; item = item.next(), ++index) {
    const JsonPath path = place / std::to_string(index);
    ModelConfig model;
    read_fields<ModelConfig>(item, path, model_keys, model, reading);
    if (item.is_object() && !item["id"]) reading.report.error(path / "id", "Required: the model's name at the server");
    if (!model.id.empty() && !ids.insert(model.id).second)
      reading.report.error(path / "id", "Invalid input: the model " + quoted(model.id) + " is listed twice");
    models.push_back(std::move(model));
  }
  return models;
}

ProviderConfig read_provider(JsonView record, const JsonPath& place, Reading& reading) {
  ProviderConfig provider;
  provider.id = place.back();
  if (auto problem = provider_id_problem(provider.id)) reading.report.error(place, std::move(*problem));
  read_fields<ProviderConfig>(record, place, provider_keys, provider, reading);
  if (record.is_object() && !record["baseUrl"])
    reading.report.error(place / "baseUrl", "Required: the server's address, such as http://127.0.0.1:11434/v1");
  while (provider.base_url.ends_with('/')) provider.base_url.pop_back();
  provider.models = read_models(record["models"], place / "models", reading);
  return provider;
}

AgentConfig read_agent(JsonView record, const JsonPath& place, Reading& reading) {
  AgentConfig agent;
  agent.id = place.back();
  if (!is_agent_id(agent.id))
    reading.report.error(place,
                         "Invalid input: an agent's id has 1 to 64 lower-case letters, digits, \"_\" and \"-\", and "
                         "begins with a letter or digit");
  read_fields<AgentConfig>(record, place, agent_keys, agent, reading);
  return agent;
}

}  // namespace

std::vector<ProviderConfig> read_providers(JsonView document, Reading& reading) {
  const JsonPath place{"models", "providers"};
  std::vector<ProviderConfig> providers;
  const JsonView records = find(document, place);
  for (JsonView record = records.first(); record && records.is_object(); record = record.next())
    providers.push_back(read_provider(record, place / record.name(), reading));
  return providers;
}

std::vector<HookMapping> read_hook_mappings(JsonView document, Reading& reading) {
  const JsonPath place{"hooks", "mappings"};
  std::vector<HookMapping> mappings;
  const JsonView list = find(document, place);
  if (list.size() > limits::hook_mappings_max)
    reading.report.error(place, "Too big: expected at most " + std::to_string(limits::hook_mappings_max) + " mappings");
  std::size_t index = 0;
  for (JsonView item = list.is_array() ? list.first() : JsonView(); item; item = item.next(), ++index) {
    const JsonPath path = place / std::to_string(index);
    HookMapping mapping;
    read_fields<HookMapping>(item, path, hook_mapping_keys, mapping, reading);
    const bool is_wake = mapping.action == "wake";
    if (is_wake ? mapping.text_template.empty() : mapping.message_template.empty())
      reading.report.warn(path / (is_wake ? "textTemplate" : "messageTemplate"),
                          "missing: what the agent is told; requests of this mapping are refused");
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

std::vector<AgentConfig> read_agents(JsonView document, Reading& reading) {
  const JsonPath place{"agents", "entries"};
  std::vector<AgentConfig> agents;
  const JsonView records = find(document, place);
  for (JsonView record = records.first(); record && records.is_object(); record = record.next())
    agents.push_back(read_agent(record, place / record.name(), reading));
  if (agents.empty()) agents.push_back(AgentConfig{.id = "main", .name = "", .workspace = "", .model = ""});
  return agents;
}

}  // namespace omenia
