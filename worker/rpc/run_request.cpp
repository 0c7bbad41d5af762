#include "worker/rpc/run_request.h"

#include "worker/context.h"

namespace omenia::rpc {

Result<sessions::SessionKey> named_session(const Call& call, std::string_view member) {
  const std::string agent(call.params["agentId"].text());
  const std::string default_agent = agent.empty() ? call.context.default_agent() : agent;
  const std::string_view named = call.params[member].text();
  if (named.empty()) return sessions::make_key(default_agent, "main");
  TRY_ASSIGN(sessions::SessionKey key, sessions::parse_key(named, default_agent));
  if (!agent.empty() && key.agent_id != agent)
    return fail(ErrorCode::invalid_request,
                "agentId '" + agent + "' does not match the agent of session key '" + key.text + "'");
  return key;
}

Result<void> refuse_unavailable(const Call& call) {
  if (call.params["attachments"].size() > 0)
    return fail(ErrorCode::invalid_request, "attachments are not available in this release; send text only");
  if (call.params["deliver"].boolean())
    return fail(ErrorCode::invalid_request, "deliver is not available in this release: no channels are configured");
  return {};
}

agents::RunRequest request_of(const Call& call, sessions::SessionKey session, std::string origin) {
  agents::RunRequest request;
  request.run_id = call.params["idempotencyKey"].text();
  request.session = std::move(session);
  request.origin = std::move(origin);
  request.message = call.params["message"].text();
  request.thinking = call.params["thinking"].text();
  request.client_id = call.connection.client().id;
  request.client_mode = call.connection.client().mode;
  request.sender_is_owner = call.connection.scopes().covers(auth::Scope::admin);
  return request;
}

}  // namespace omenia::rpc
