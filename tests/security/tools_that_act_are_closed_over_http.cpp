// GHSA-943q-mwmv-hhvh: POST /tools/invoke reached the tools that start other sessions.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* acting[] = {
    "exec",        "sessions_spawn", "sessions_send", "SESSIONS_SPAWN",  "apply_patch",    "gateway",
    "automations", "cron",           "nodes",         "fs_write",        "write",          "openclaw",
    "OmeniaClaw",  "computer",       "terminal",      "sessions_spawn ", "group:sessions", "*"};

class ToolsOverHttp : public FlowNotStarted {
 protected:
  void start(const std::string& auth) {
    gateway.instance().write_config(
        "{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) + ", auth: {" + auth +
        "}, tools: {allow: ['session_status']}}, tools: {profile: 'full', alsoAllow: ['exec', 'sessions_spawn']}}");
    ASSERT_TRUE(gateway.start());
  }
  void expect_closed(const std::string& headers) {
    for (const char* tool : acting) {
      const HttpAnswer answer = gateway.post("/tools/invoke", one_member("tool", tool), headers);
      EXPECT_EQ(answer.status, 404) << tool;
      EXPECT_THAT(answer.body, HasSubstr("Tool not available: ")) << tool;
    }
  }
};

TEST_F(ToolsOverHttp, ThatActAreClosedToWhoHasTheToken) {
  start("mode: 'token', token: '" + gateway.token() + "'");
  expect_closed({});
}

TEST_F(ToolsOverHttp, ThatActAreClosedToWhoGivesUpRights) {
  start("mode: 'none'");
  expect_closed("x-OmeniaClaw-scopes: operator.write\r\n");
  expect_closed("x-OmeniaClaw-scopes: operator.admin\r\n");
}

}  // namespace
}  // namespace omenia::test
