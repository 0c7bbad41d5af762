// POST /tools/invoke: one tool of an agent, called by its name.

#include <algorithm>

#include "shared/config/agents.h"
#include "worker/endpoints/answers.h"
#include "worker/endpoints/endpoints.h"
#include "worker/principal.h"
#include "worker/sessions/key.h"
#include "worker/tools/http_policy.h"
#include "worker/tools/invoke.h"
#include "worker/tools/policy.h"
#include "worker/tools/registry.h"

namespace omenia::endpoints {

namespace {

// What the body asks for; members of another type count as absent.
struct Invocation {
  std::string name;
  std::string agent_id;  // Empty: that of the session, or the default one.
  std::string session;   // Empty: the agent's main session.
  std::string action;
  Json args = Json::object();
};

// Error: invalid_request for a body that is no JSON.
Result<Invocation> read(const std::string& body) {
  Invocation asked;
  if (body.empty()) return asked;
  TRY_ASSIGN(const Json json, Json::parse(body, limits::tools_invoke_body_bytes_max));
  asked.name = json["name"].text();
  if (asked.name.empty()) asked.name = json["tool"].text();
  asked.agent_id = json["agentId"].text();
  asked.session = json["sessionKey"].text();
  asked.action = json["action"].text();
  if (json["args"].is_object()) asked.args = Json::copy(json["args"]);
  return asked;
}

// Error: invalid_request, in the words that clients of this endpoint know.
Result<sessions::SessionKey> session_of(const worker::Context& context, const Invocation& asked) {
  const Config& config = *context.config();
  const std::string agent = asked.agent_id.empty() ? context.default_agent() : asked.agent_id;
  const bool is_main = asked.session.empty() || asked.session == "main";
  sessions::SessionKey key = sessions::make_key(agent, "main");
  if (!is_main) {
    TRY_ASSIGN(key, sessions::parse_key(asked.session, agent));
  }
  for (const std::string& id : {agent, key.agent_id})
    if (!find_agent(config, id)) return fail(ErrorCode::invalid_request, "Unknown agent id \"" + id + "\"");
  if (!asked.agent_id.empty() && asked.agent_id != key.agent_id)
    return fail(ErrorCode::invalid_request,
                "agentId \"" + asked.agent_id + "\" does not match session agent \"" + key.agent_id + "\"");
  return key;
}

const tools::ToolRow* visible_tool(const Config& config, std::string_view name, std::string_view agent_id,
                                   bool is_owner) {
  const tools::ToolRow* tool = tools::find_tool(name);
  if (!tool || !tools::is_open_over_http(config, *tool, is_owner)) return nullptr;
  if (tool->users == tools::ToolUsers::owner && !is_owner) return nullptr;
  return tools::has_tool(config, agent_id, *tool) ? tool : nullptr;
}

bool has_parameter(const tools::ToolRow& tool, std::string_view name) {
  const auto& fields = tool.params.fields;
  return std::any_of(fields.begin(), fields.end(), [name](const Field& field) { return field.name == name; });
}

http::Response answer_to(const Result<Json>& result) {
  if (result.ok()) return http::json_response(200, "{\"ok\":true,\"result\":" + result.value().dump() + "}");
  const Error& error = result.error();
  switch (error.code) {
    case ErrorCode::invalid_request:
    case ErrorCode::not_found: return refusal(400, "tool_error", error.message);
    case ErrorCode::forbidden: return refusal(403, "tool_error", error.message);
    default: break;
  }
  if (is_unavailable(error)) return unavailable("Gateway context is unavailable; retry shortly.");
  return refusal(500, "tool_error", "tool execution failed");  // What went wrong inside is for the log.
}

Task<void> invoke(worker::Context* context, std::shared_ptr<http::Exchange> exchange, tools::ToolRequest request) {
  const std::string name(request.tool->name);
  auto invoking = tools::invoke(context->tools.get(), std::move(request));
  const auto result = co_await std::move(invoking);
  http::Response response = answer_to(result);
  if (response.status >= 500) context->log.logger("tools").warn("tool " + name + " failed: " + result.error().message);
  exchange->respond(std::move(response));
}

}  // namespace

void serve_tools_invoke(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  auto asked = read(exchange->request().body);
  if (!asked.ok()) return exchange->respond(http::error_response(asked.error()));
  Invocation invocation = std::move(asked).value();
  if (invocation.name.empty()) return exchange->respond(refusal(400, "invalid_request", "tools.invoke requires name"));
  const auto session = session_of(context, invocation);
  if (!session.ok()) return exchange->respond(refusal(400, "invalid_request", session.error().message));
  const bool is_owner = worker::principal_of(context, exchange->request()).is_owner();
  const tools::ToolRow* tool = visible_tool(*context.config(), invocation.name, session.value().agent_id, is_owner);
  if (!tool) return exchange->respond(refusal(404, "not_found", "Tool not available: " + invocation.name));
  const bool takes_action = !invocation.action.empty() && has_parameter(*tool, "action") && !invocation.args["action"];
  if (takes_action) invocation.args.set("action", Json::of(invocation.action));
  tools::ToolRequest request{.tool = tool,
                             .session = session.value(),
                             .sees_all_sessions = true,
                             .args = std::move(invocation.args),
                             .stop = exchange->client_gone()};
  context.requests.spawn(invoke(&context, std::move(exchange), std::move(request)));
}

}  // namespace omenia::endpoints
