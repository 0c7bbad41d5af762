#pragma once
// Prompt: what a model is told before the conversation.

#include <string>

#include "shared/config/config.h"
#include "worker/agents/run.h"

namespace omenia::agents {

// Same for all turns of a day, so that providers can cache it; what a request adds comes last.
std::string system_prompt(const AgentConfig& agent, const RunRequest& request, std::int64_t now_ms);

}  // namespace omenia::agents
