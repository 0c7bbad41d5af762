#pragma once
// AgentChoice: which agent a request means. The `model` of this API names an agent ("OmeniaClaw/main"), not a
// provider's model; headers can name agent and provider's model apart from it.

#include <string>
#include <string_view>

#include "worker/context.h"

namespace omenia::openai {

inline constexpr std::string_view family = "OmeniaClaw";

struct AgentChoice {
  std::string agent_id;
  std::string backend_model;  // x-OmeniaClaw-model; empty: the agent's own.
  bool caller_is_owner = false;
};

// `model` may be empty: the default agent. Errors: invalid_request, in the words that clients of this API know;
// forbidden for x-OmeniaClaw-model of who is not the owner.
Result<AgentChoice> choose_agent(const worker::Context& context, const http::Request& request, std::string_view model);

}  // namespace omenia::openai
