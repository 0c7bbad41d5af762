// Which tools an agent has: what profiles give, lists take away, and what is denied stays denied.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/tools/policy.h"
#include "worker/tools/registry.h"

namespace omenia::tools {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Policy : public testing::Test {
 protected:
  Policy() { config.agents = {AgentConfig{"main", "", "", ""}, AgentConfig{"other", "", "", ""}}; }

  std::vector<std::string> names(std::string_view agent = "main", bool is_owner = true) const {
    std::vector<std::string> names;
    for (const ToolRow* row : tools_of(config, agent, is_owner)) names.emplace_back(row->name);
    return names;
  }
  AgentConfig& agent() { return config.agents[0]; }

  Config config;
};

constexpr auto all = {"agents_list", "sessions_list", "sessions_history", "session_status"};

TEST_F(Policy, OfNothingGivesEverything) {
  EXPECT_THAT(names(), testing::ElementsAreArray(all));
  config.tools_profile = "full";
  EXPECT_THAT(names(), testing::ElementsAreArray(all));
  EXPECT_THAT(names("nobody"), testing::ElementsAreArray(all));
}

TEST_F(Policy, HasProfiles) {
  config.tools_profile = "minimal";
  EXPECT_THAT(names(), ElementsAre("session_status"));
  config.tools_profile = "messaging";
  EXPECT_THAT(names(), ElementsAre("sessions_list", "sessions_history", "session_status"));
  config.tools_profile = "coding";
  EXPECT_THAT(names(), ElementsAre("sessions_list", "sessions_history", "session_status"));
}

TEST_F(Policy, OfAnAgentReplacesTheProfileAndNarrowsTheRest) {
  config.tools_profile = "minimal";
  agent().tools_profile = "full";
  EXPECT_THAT(names(), testing::ElementsAreArray(all));
  EXPECT_THAT(names("other"), ElementsAre("session_status"));
  config.tools_allow = {"sessions_*"};
  agent().tools_allow = {"sessions_list", "agents_list"};
  EXPECT_THAT(names(), ElementsAre("sessions_list"));
}

TEST_F(Policy, AlsoAllowsWhatAProfileLeavesOut) {
  config.tools_profile = "minimal";
  config.tools_also_allow = {"agents_list"};
  EXPECT_THAT(names(), ElementsAre("agents_list", "session_status"));
  config.tools_allow = {"session_status"};
  EXPECT_THAT(names(), ElementsAre("session_status")) << "it adds to a profile, not to a list";
}

TEST_F(Policy, DeniesAboveAll) {
  config.tools_allow = {"*"};
  config.tools_also_allow = {"*"};
  agent().tools_allow = {"sessions_list", "sessions_history"};
  config.tools_deny = {"sessions_list"};
  EXPECT_THAT(names(), ElementsAre("sessions_history"));
  agent().tools_deny = {"SESSIONS_*"};
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(Policy, KnowsGroups) {
  config.tools_deny = {"group:sessions"};
  EXPECT_THAT(names(), ElementsAre("agents_list"));
  config.tools_deny = {"Group:OpenClaw"};
  EXPECT_THAT(names(), IsEmpty());
  config.tools_deny = {"group:web", "group:", "group:session"};
  EXPECT_THAT(names(), testing::ElementsAreArray(all));
}

TEST_F(Policy, AllowingWhatDoesNotExistAllowsNothing) {
  config.tools_allow = {"exec", "", "sessions_list "};
  EXPECT_THAT(names(), IsEmpty());
}

TEST(APattern, StandsForNames) {
  const ToolRow& tool = *find_tool("sessions_list");
  for (const char* pattern :
       {"*", "**", "sessions_list", "SESSIONS_list", "*list", "s*_*t", "sessions*", "*_*", "sessions_list*"})
    EXPECT_TRUE(names_tool(pattern, tool)) << pattern;
  for (const char* pattern : {"", "sessions", "list", "*lis", "s*x*t", "sessions_list?", "*sessions_list_*"})
    EXPECT_FALSE(names_tool(pattern, tool)) << pattern;
}

TEST(APattern, OfManyStarsTakesNoTime) {
  std::string pattern;
  for (int i = 0; i < 50'000; ++i) pattern += "*s";
  EXPECT_FALSE(names_tool(pattern + "!", *find_tool("sessions_list")));
}

}  // namespace
}  // namespace omenia::tools
