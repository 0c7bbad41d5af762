// Which names belong to the agents' own tools.
#include <gtest/gtest.h>

#include "worker/tools/registry.h"

namespace omenia::tools {
namespace {

TEST(ToolNames, OfOurOwnAreKnownInAnyCase) {
  EXPECT_TRUE(is_own_tool("sessions_list"));
  EXPECT_TRUE(is_own_tool("Sessions_LIST"));
}

TEST(ToolNames, ThatOnlyLookAlikeAreNotOurs) {
  for (const char* name : {"", " ", "sessions_list ", "sessions_lis", "sessions_list2", "sessions-list",
                           "group:sessions", "ſessions_list", "get_weather"})
    EXPECT_FALSE(is_own_tool(name)) << name;
}

}  // namespace
}  // namespace omenia::tools
