#pragma once
// The configured agents by their ids.

#include <algorithm>
#include <string_view>

#include "shared/config/config.h"

namespace omenia {

// Null: no agent has this id. Lives as long as the configuration.
inline const AgentConfig* find_agent(const Config& config, std::string_view id) {
  const auto found = std::find_if(config.agents.begin(), config.agents.end(),
                                  [id](const AgentConfig& agent) { return agent.id == id; });
  return found == config.agents.end() ? nullptr : &*found;
}

}  // namespace omenia
