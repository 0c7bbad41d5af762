// Commands against a running gateway: exit codes, the lines people and scripts look for, and JSON that is JSON.
#include <signal.h>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class Commands : public Flow {
 protected:
  int run(const std::vector<std::string>& arguments) {
    ChildProcess process = gateway.instance().command(arguments);
    const int code = process.wait();
    output = process.output();
    errors = process.errors();
    return code;
  }
  Json json() const {
    auto parsed = Json::parse(output);
    EXPECT_TRUE(parsed.ok()) << output;
    return parsed.ok() ? std::move(parsed).value() : Json();
  }
  std::string output, errors;
};

TEST_F(Commands, AgentPrintsTheAnswer) {
  EXPECT_EQ(run({"agent", "--message", "hi"}), 0) << errors;
  EXPECT_THAT(output, HasSubstr("Hello from the mock model."));
}

TEST_F(Commands, AgentPrintsJson) {
  EXPECT_EQ(run({"agent", "-m", "hi", "--json"}), 0) << errors;
  EXPECT_THAT(json().dump(), HasSubstr("Hello from the mock model."));
}

TEST_F(Commands, AgentFailsWhenTheModelFails) {
  EXPECT_EQ(run({"agent", "-m", "hi", "--agent", "401"}), 1);
  EXPECT_FALSE(errors.empty());
}

TEST_F(Commands, CallPrintsThePayload) {
  EXPECT_EQ(run({"gateway", "call", "health", "--json"}), 0) << errors;
  EXPECT_TRUE(json()["ok"].boolean());
  EXPECT_EQ(run({"gateway", "call", "sessions.list", "--params", R"({"limit":1})", "--json"}), 0) << errors;
  EXPECT_TRUE(json()["sessions"].is_array());
}

TEST_F(Commands, CallOfAnUnknownMethodFails) {
  EXPECT_EQ(run({"gateway", "call", "does.not.exist"}), 1);
  EXPECT_THAT(errors + output, HasSubstr("unknown method: does.not.exist"));
  EXPECT_EQ(run({"gateway", "call", "health", "--params", "{bad"}), 1);
  EXPECT_THAT(errors, HasSubstr("--params must be valid JSON"));
}

TEST_F(Commands, HealthAndStatusSucceed) {
  EXPECT_EQ(run({"health"}), 0) << errors;
  EXPECT_EQ(run({"health", "--json"}), 0) << errors;
  EXPECT_TRUE(json()["ok"].boolean());
  EXPECT_EQ(run({"status"}), 0) << errors;
  EXPECT_THAT(output, AllOf(HasSubstr("OmeniaClaw status"), HasSubstr("reachable")));
  EXPECT_EQ(run({"status", "--json"}), 0) << errors;
  EXPECT_TRUE(json()["gateway"]["reachable"].boolean());
  EXPECT_EQ(run({"gateway", "health"}), 0) << errors;
}

TEST_F(Commands, GatewayStatusHasTheBaselineLinesInOrder) {
  EXPECT_EQ(run({"gateway", "status"}), 0) << errors;
  std::size_t last = 0;
  for (const char* line :
       {"Service:", "Gateway:", "Probe target:", "Runtime:", "Connectivity probe: ok", "Capability:"}) {
    const std::size_t found = output.find(line);
    ASSERT_NE(found, std::string::npos) << line << " is missing in\n" << output;
    EXPECT_GE(found, last) << line << " is out of order";
    last = found;
  }
  EXPECT_THAT(output, HasSubstr("bind=loopback (127.0.0.1)"));
}

TEST_F(Commands, GatewayStatusCanRequireARead) {
  EXPECT_EQ(run({"gateway", "status", "--require-rpc"}), 0) << errors;
  EXPECT_THAT(output, HasSubstr("Read probe: ok"));
}

TEST_F(Commands, GatewayStatusPrintsJson) {
  EXPECT_EQ(run({"gateway", "status", "--json"}), 0) << errors;
  const Json status = json();
  EXPECT_EQ(status["gateway"]["port"].integer(), gateway.port());
  EXPECT_EQ(status["gateway"]["bindMode"].text(), "loopback");
  EXPECT_TRUE(status["rpc"]["ok"].boolean());
  EXPECT_TRUE(status["config"]["cli"]["valid"].boolean());
}

TEST_F(Commands, AWrongTokenIsToldAndFails) {
  EXPECT_EQ(run({"gateway", "call", "health", "--token", "wrong"}), 1);
  EXPECT_THAT(errors, HasSubstr("unauthorized: gateway token mismatch"));
  EXPECT_EQ(errors.find(gateway.token()), std::string::npos);
  EXPECT_EQ(run({"gateway", "status", "--token", "wrong"}), 0);
  EXPECT_EQ(run({"gateway", "status", "--require-rpc", "--token", "wrong"}), 1);
}

TEST_F(Commands, LogsPrintsTheFile) {
  EXPECT_EQ(run({"logs"}), 0) << errors;
  EXPECT_THAT(output, HasSubstr("Log file: "));
  EXPECT_EQ(run({"logs", "--json", "--limit", "5"}), 0) << errors;
  EXPECT_THAT(output, HasSubstr(R"("type":"meta")"));
}

TEST_F(Commands, LogsFollows) {
  ChildProcess follow = gateway.instance().command({"logs", "--follow", "--plain"});
  ASSERT_TRUE(follow.says("Log file: "));
  Identity wrong;
  wrong.token = "wrong";
  const std::size_t before = follow.output().size();
  WsClient(gateway.port()).connect(wrong);  // Something that is logged.
  EXPECT_TRUE(eventually([&] { return follow.output().size() > before; }));
  follow.signal(SIGINT);
  EXPECT_THAT(follow.wait(), AnyOf(0, 130));
}

TEST_F(Commands, InterruptAbortsAnAcceptedRun) {
  ChildProcess agent = gateway.instance().command({"agent", "-m", "hi", "--agent", "gated"});
  ASSERT_TRUE(mock.wait_for_requests(1));
  agent.signal(SIGINT);
  EXPECT_THAT(agent.wait(), AnyOf(1, 130));
  EXPECT_TRUE(mock.wait_for_broken_off(1));
}

TEST_F(Commands, UnknownOnesGetASuggestion) {
  EXPECT_EQ(run({"gatewayy"}), 1);
  EXPECT_THAT(errors, AllOf(HasSubstr("gatewayy"), HasSubstr("gateway")));
  EXPECT_EQ(run({"gateway", "status", "--nope"}), 1);
  EXPECT_THAT(errors, HasSubstr("--nope"));
}

}  // namespace
}  // namespace omenia::test
