// What POST /tools/invoke reaches: acting tools only when the owner has opened them, and what is denied never.
#include <gtest/gtest.h>

#include "worker/tools/http_policy.h"
#include "worker/tools/registry.h"

namespace omenia::tools {
namespace {

const Shape nothing{};

ToolRow tool_named(std::string_view name) {
  return {name, ToolGroup::sessions, ToolUsers::everyone, 0, nothing, nullptr, ""};
}

TEST(OverHttp, ToolsThatTellAreOpen) {
  for (const ToolRow& row : tool_rows()) EXPECT_TRUE(is_open_over_http({}, row, false)) << row.name;
}

TEST(OverHttp, ToolsThatActAreClosed) {
  for (const char* name : {"exec", "sessions_spawn", "sessions_send", "Apply_Patch", "automations", "gateway", "write",
                           "nodes", "openclaw", "conversations_turn"}) {
    EXPECT_FALSE(is_open_over_http({}, tool_named(name), true)) << name;
    EXPECT_FALSE(is_open_over_http({}, tool_named(name), false)) << name;
  }
}

TEST(OverHttp, TheOwnerAloneOpens) {
  Config config;
  config.http_tools_allow = {"sessions_*"};
  EXPECT_TRUE(is_open_over_http(config, tool_named("sessions_spawn"), true));
  EXPECT_FALSE(is_open_over_http(config, tool_named("sessions_spawn"), false));
  EXPECT_FALSE(is_open_over_http(config, tool_named("exec"), true));
  config.http_tools_deny = {"sessions_spawn"};
  EXPECT_FALSE(is_open_over_http(config, tool_named("sessions_spawn"), true)) << "what is denied stays so";
  EXPECT_TRUE(is_open_over_http(config, tool_named("sessions_send"), true));
}

}  // namespace
}  // namespace omenia::tools
