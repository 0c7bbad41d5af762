#include "worker/tools/policy.h"

#include <algorithm>

#include "shared/base/ascii.h"
#include "shared/config/agents.h"
#include "worker/tools/registry.h"

namespace omenia::tools {

namespace {

constexpr std::string_view group_prefix = "group:";

// `*` stands for any text. In proportion to the product of the lengths, whatever the pattern.
bool fits(std::string_view pattern, std::string_view text) {
  std::size_t in_pattern = 0;
  std::size_t in_text = 0;
  std::size_t star = std::string_view::npos;  // The last one passed, and where the text behind it begins.
  std::size_t behind_star = 0;
  while (in_text < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      behind_star = in_text;
    } else if (in_pattern < pattern.size() && lowered(pattern[in_pattern]) == lowered(text[in_text])) {
      ++in_pattern;
      ++in_text;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      in_text = ++behind_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

bool is_in_profile(std::string_view profile, const ToolRow& tool) {
  if (profile.empty() || profile == "full") return true;
  const std::uint8_t bit = profile == "minimal"  ? tool_profiles::minimal
                           : profile == "coding" ? tool_profiles::coding
                                                 : tool_profiles::messaging;
  return (tool.profiles & bit) != 0;
}

bool allows(const std::vector<std::string>& list, const ToolRow& tool) {
  return list.empty() || name_tool(list, tool);
}

}  // namespace

bool names_tool(std::string_view entry, const ToolRow& tool) {
  const std::string_view start = entry.substr(0, group_prefix.size());
  if (!same_but_for_case(start, group_prefix)) return fits(entry, tool.name);
  const std::string_view group = entry.substr(group_prefix.size());
  return same_but_for_case(group, name_of(tool.group)) || same_but_for_case(group, "OmeniaClaw") ||
         same_but_for_case(group, "openclaw");
}

bool name_tool(const std::vector<std::string>& list, const ToolRow& tool) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& entry) { return names_tool(entry, tool); });
}

bool has_tool(const Config& config, std::string_view agent_id, const ToolRow& tool) {
  const AgentConfig nobody{};
  const AgentConfig* named = find_agent(config, agent_id);
  const AgentConfig& agent = named ? *named : nobody;
  if (name_tool(config.tools_deny, tool) || name_tool(agent.tools_deny, tool)) return false;
  const std::string& profile = agent.tools_profile.empty() ? config.tools_profile : agent.tools_profile;
  const bool is_given = is_in_profile(profile, tool) || name_tool(config.tools_also_allow, tool) ||
                        name_tool(agent.tools_also_allow, tool);
  return is_given && allows(config.tools_allow, tool) && allows(agent.tools_allow, tool);
}

std::vector<const ToolRow*> tools_of(const Config& config, std::string_view agent_id, bool is_owner) {
  std::vector<const ToolRow*> tools;
  for (const ToolRow& row : tool_rows()) {
    if (row.users == ToolUsers::owner && !is_owner) continue;
    if (has_tool(config, agent_id, row)) tools.push_back(&row);
  }
  return tools;
}

}  // namespace omenia::tools
