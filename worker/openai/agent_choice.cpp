#include "worker/openai/agent_choice.h"

#include <strings.h>

#include <algorithm>

#include "shared/config/agents.h"
#include "worker/principal.h"

namespace omenia::openai {

namespace {

bool starts_with_any_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && ::strncasecmp(text.data(), prefix.data(), prefix.size()) == 0;
}

std::string lowered(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return copy;
}

// The agent of "OmeniaClaw", "OmeniaClaw/default", "OmeniaClaw/<id>", "OmeniaClaw:<id>" or "agent:<id>", any case;
// empty: the default one.
Result<std::string> agent_of_model(std::string_view model) {
  if (model.empty()) return std::string();
  std::string_view rest;
  if (starts_with_any_case(model, family)) {
    rest = model.substr(family.size());
    if (rest.empty()) return std::string();
    if (rest.size() > 1 && (rest[0] == '/' || rest[0] == ':')) {
      const std::string id = lowered(rest.substr(1));
      return id == "default" ? std::string() : id;
    }
  } else if (starts_with_any_case(model, "agent:") && model.size() > 6) {
    return lowered(model.substr(6));
  }
  return fail(ErrorCode::invalid_request, "Invalid `model`. Use `OmeniaClaw` or `OmeniaClaw/<agentId>`.");
}

}  // namespace

Result<AgentChoice> choose_agent(const worker::Context& context, const http::Request& request, std::string_view model) {
  AgentChoice choice;
  TRY_ASSIGN(choice.agent_id, agent_of_model(model));
  for (const char* header : {"x-OmeniaClaw-agent", "x-OmeniaClaw-agent-id"})
    if (const auto named = request.header(header); !named.empty()) choice.agent_id = lowered(named);
  if (choice.agent_id.empty()) choice.agent_id = context.default_agent();
  if (!find_agent(*context.config(), choice.agent_id))
    return fail(ErrorCode::invalid_request, "Unknown agent '" + choice.agent_id + "'.");
  choice.backend_model = request.header("x-OmeniaClaw-model");
  choice.caller_is_owner = worker::principal_of(context, request).is_owner();
  if (!choice.backend_model.empty() && !choice.caller_is_owner) return auth::missing_scope(auth::Scope::admin);
  return choice;
}

}  // namespace omenia::openai
