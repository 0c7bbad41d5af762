#pragma once
// Policy: which tools an agent has. Each rule can only take away, but for alsoAllow, which adds to a profile; what is
// denied anywhere stays denied.

#include <string_view>
#include <vector>

#include "shared/config/config.h"
#include "worker/tools/tool.h"

namespace omenia::tools {

// Does an entry of a list name the tool: its name, a pattern with `*`, `group:<name>`, or `group:OmeniaClaw` for all?
// The case of ASCII letters does not count.
bool names_tool(std::string_view entry, const ToolRow& tool);
bool name_tool(const std::vector<std::string>& list, const ToolRow& tool);

bool has_tool(const Config& config, std::string_view agent_id, const ToolRow& tool);

// The tools of an agent, for a call of the owner or of somebody else; in the order of the table.
std::vector<const ToolRow*> tools_of(const Config& config, std::string_view agent_id, bool is_owner);

}  // namespace omenia::tools
