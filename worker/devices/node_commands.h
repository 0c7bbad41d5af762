#pragma once
// Commands of nodes: which ones a node may offer at all, and which of them reach so far into its machine that only an
// administrator may approve and call them.

#include <string>
#include <string_view>
#include <vector>

#include "worker/auth/scopes.h"

namespace omenia::devices {

// What is left of a node's claim: commands that are known or allowed by the operator, and not denied; each once, at
// most limits::node_commands_max.
std::vector<std::string> offered_commands(const std::vector<std::string>& claimed,
                                          const std::vector<std::string>& allowed,
                                          const std::vector<std::string>& denied);

bool needs_admin(std::string_view command);

// What somebody must hold to approve these commands.
auth::ScopeSet scopes_to_approve(const std::vector<std::string>& commands);

}  // namespace omenia::devices
