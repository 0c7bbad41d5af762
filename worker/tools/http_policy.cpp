#include "worker/tools/http_policy.h"

#include <algorithm>

#include "worker/tools/policy.h"

namespace omenia::tools {

namespace {

// Closed by themselves, whether this release has them or not: a tool that comes later is closed from its first day.
constexpr std::string_view closed[] = {"exec",
                                       "spawn",
                                       "shell",
                                       "fs_write",
                                       "fs_delete",
                                       "fs_move",
                                       "apply_patch",
                                       "write",
                                       "edit",
                                       "read",
                                       "process",
                                       "terminal",
                                       "portal",
                                       "sessions_spawn",
                                       "sessions_send",
                                       "conversations_list",
                                       "conversations_send",
                                       "conversations_turn",
                                       "automations",
                                       "cron",
                                       "gateway",
                                       "plugins",
                                       "nodes",
                                       "computer",
                                       "mobile_ui",
                                       "OmeniaClaw",
                                       "openclaw"};

}  // namespace

bool is_open_over_http(const Config& config, const ToolRow& tool, bool is_owner) {
  if (name_tool(config.http_tools_deny, tool)) return false;
  if (is_owner && name_tool(config.http_tools_allow, tool)) return true;
  return std::none_of(std::begin(closed), std::end(closed),
                      [&](std::string_view name) { return names_tool(name, tool); });
}

}  // namespace omenia::tools
