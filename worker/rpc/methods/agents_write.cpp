// agents.create, agents.update, agents.delete: agents are entries of the configuration, and are changed there.

#include <algorithm>

#include "shared/config/agents.h"
#include "shared/config/edit.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/config_change.h"
#include "worker/rpc/methods/session_entry.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::size_t agent_id_chars_max = 64;

// "Research Desk" becomes "research-desk". Empty: nothing is left of the name.
std::string id_from(std::string_view name) {
  std::string id;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (upper || plain) {
      id.push_back(upper ? static_cast<char>(c + ('a' - 'A')) : c);
    } else if (!id.empty() && id.back() != '-') {
      id.push_back('-');
    }
  }
  id.resize(std::min(id.size(), agent_id_chars_max));
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id;
}

JsonPath entry_path(const std::string& id, const char* member = nullptr) {
  JsonPath path{"agents", "entries", id};
  if (member) path.emplace_back(member);
  return path;
}

// What a client may not leave to the configuration file.
Result<void> refuse_looks(JsonView params) {
  for (const char* name : {"emoji", "avatar", "agentRuntime"})
    if (params[name]) return fail(ErrorCode::invalid_request, std::string(name) + " is not available in this release");
  return {};
}

Result<void> set_text(Json& document, const JsonPath& path, JsonView value) {
  if (!value) return {};
  if (value.is_null()) {
    unset_value(document, path);
    return {};
  }
  return set_value(document, path, Json::copy(value));
}

// Without any entry there is the agent main; it stays when there is another one.
Result<void> keep_main(Json& document) {
  if (value_at(document, {"agents", "entries"}).size() > 0) return {};
  return set_value(document, entry_path("main"), Json::object());
}

Result<void> write_settings(Json& document, const std::string& id, JsonView params) {
  TRY(keep_main(document));
  for (const char* member : {"name", "workspace", "model"})
    TRY(set_text(document, entry_path(id, member), params[member]));
  return {};
}

Error agent_exists(const std::string& id) {
  return fail(ErrorCode::invalid_request, "agent \"" + id + "\" already exists");
}

Error no_agent(const std::string& id) {
  return fail(ErrorCode::not_found, "agent \"" + id + "\" not found");
}

bool is_known(const worker::Context& context, const std::string& id) {
  return check_agent(context, id).ok();
}

std::string workspace_of(const worker::Context& context, const std::string& id) {
  const auto config = context.config();
  if (const AgentConfig* agent = find_agent(*config, id); agent && !agent->workspace.empty()) return agent->workspace;
  return config->default_workspace.empty() ? context.launch.state_dir + "/workspace" : config->default_workspace;
}

Result<void> check_model(const worker::Context& context, JsonView model) {
  if (!model || model.is_null()) return {};
  TRY(context.catalog->find(model.text()));
  return {};
}

}  // namespace

AnswerTask agents_create(CallPointer call) {
  worker::Context& context = call->context;
  const JsonView params = call->params;
  CO_TRY(refuse_looks(params));
  CO_TRY(check_model(context, params["model"]));
  const std::string id = id_from(params["name"].text());
  if (id.empty()) co_return fail(ErrorCode::invalid_request, "an agent's name needs letters or digits");
  if (is_known(context, id)) co_return agent_exists(id);
  TRY_AWAIT_DONE(edit_config(call, [call, id](Json& document) -> Result<void> {
    if (value_at(document, entry_path(id))) return agent_exists(id);
    return write_settings(document, id, call->params);
  }));
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("agentId", id).member("name", params["name"].text());
  writer.member("workspace", workspace_of(context, id));
  if (params["model"]) writer.member("model", params["model"].text());
  co_return Answer{writer.end_object().take()};
}

AnswerTask agents_update(CallPointer call) {
  worker::Context& context = call->context;
  const JsonView params = call->params;
  const std::string id(params["agentId"].text());
  if (!is_known(context, id)) co_return no_agent(id);
  CO_TRY(refuse_looks(params));
  CO_TRY(check_model(context, params["model"]));
  TRY_AWAIT_DONE(edit_config(call, [call, id](Json& document) { return write_settings(document, id, call->params); }));
  JsonWriter writer;
  co_return Answer{writer.begin_object().member("ok", true).member("agentId", id).end_object().take()};
}

// Its sessions stay in the store; nobody answers in them.
AnswerTask agents_delete(CallPointer call) {
  worker::Context& context = call->context;
  const std::string id(call->params["agentId"].text());
  if (!is_known(context, id)) co_return no_agent(id);
  if (id == context.default_agent())
    co_return fail(ErrorCode::invalid_request, "agent \"" + id + "\" is the default agent and cannot be deleted");
  if (call->params["deleteFiles"].boolean())
    co_return fail(ErrorCode::invalid_request,
                   "deleteFiles is not available in this release: remove the folder yourself");
  TRY_AWAIT_DONE(edit_config(call, [id](Json& document) -> Result<void> {
    if (!unset_value(document, entry_path(id))) return no_agent(id);
    return {};
  }));
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("agentId", id).member("removedBindings", 0);
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
