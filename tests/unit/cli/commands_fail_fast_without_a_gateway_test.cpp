// Nothing listens: every command says so at once, in its own form, and contacts nobody else.

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/cli/command_run.h"
#include "tests/unit/cli/scripted_gateway.h"

namespace omenia::cli {
namespace {

// A port on which nothing listens any more.
int silent_port() {
  ScriptedGateway gateway([](JsonView) { return ScriptedReply{}; });
  return gateway.port();
}

class CommandsFailFast : public ::testing::Test {
 protected:
  CommandsFailFast() : port(std::to_string(silent_port())) {
    run.write_config("{gateway: {mode: 'local', port: " + port + ", auth: {token: 'secret-token'}}, logging: {file: '" +
                     run.home() + "/g.log'}}");
  }
  CommandRun run;
  std::string port;
};

TEST_F(CommandsFailFast, TextNamesAddressCauseAndWhatToDo) {
  for (const auto& words : {std::vector<std::string>{"health"}, {"agent", "-m", "hi"}, {"gateway", "call", "health"}}) {
    const CommandResult result = run(words);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(result.results.empty());
    EXPECT_EQ(result.notes, "Gateway not reachable at ws://127.0.0.1:" + port +
                                " (ECONNREFUSED).\nStart it with `OmeniaClaw gateway run` or check `OmeniaClaw gateway "
                                "status`.\nGateway target: ws://127.0.0.1:" +
                                port +
                                "\nSource: local loopback\nConfig: ~/.OmeniaClaw/OmeniaClaw.json\nBind: loopback\n");
  }
}

TEST_F(CommandsFailFast, JsonCarriesReasonAndSource) {
  const auto envelope = Json::parse(run({"health", "--json"}).results);
  ASSERT_TRUE(envelope.ok());
  EXPECT_EQ(envelope.value()["error"]["type"].text(), "gateway_transport_error");
  EXPECT_EQ(envelope.value()["error"]["reason"].text(), "connect ECONNREFUSED 127.0.0.1:" + port);
  EXPECT_EQ(envelope.value()["gateway"]["urlSource"].text(), "local loopback");
}

TEST_F(CommandsFailFast, StatusCommandsSucceedAndSayIt) {
  const CommandResult status = run({"status"});
  EXPECT_EQ(status.exit_code, 0);
  EXPECT_NE(status.results.find("unreachable (connect ECONNREFUSED"), std::string::npos);
  const CommandResult gateway = run({"gateway", "status"});
  EXPECT_EQ(gateway.exit_code, 0);
  EXPECT_NE(gateway.results.find("Runtime: stopped"), std::string::npos);
  EXPECT_NE(gateway.notes.find("Connectivity probe: failed"), std::string::npos);
  EXPECT_EQ(run({"gateway", "status", "--require-rpc"}).exit_code, 1);
}

TEST_F(CommandsFailFast, StatusWithoutProbeAsksNobody) {
  const auto report = Json::parse(run({"gateway", "status", "--no-probe", "--json"}).results);
  ASSERT_TRUE(report.ok());
  EXPECT_FALSE(report.value()["rpc"]);
  EXPECT_EQ(report.value()["port"]["status"].text(), "free");
  EXPECT_EQ(run({"gateway", "status", "--no-probe", "--require-rpc"}).exit_code, 1);
}

TEST_F(CommandsFailFast, LogsReadsTheFileInstead) {
  std::ofstream(run.home() + "/g.log") << "a line\n";
  const CommandResult result = run({"logs"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.results, "Log file: " + run.home() + "/g.log\na line\n");
  EXPECT_EQ(result.notes, "Local Gateway RPC unavailable; reading configured file log instead.\n");
  EXPECT_EQ(run({"logs", "--follow"}).exit_code, 1);
}

TEST_F(CommandsFailFast, MissingCredentialsAreToldBeforeAnySocket) {
  run.write_config("{gateway: {mode: 'local', port: " + port + "}}");
  const CommandResult result = run({"health"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.notes.rfind("gateway health requires credentials before opening a websocket\n", 0), 0u);
}

TEST_F(CommandsFailFast, BrokenConfigurationIsListedAndItsCredentialsAreNotUsed) {
  run.write_config("{gateway: {mode: 'local', prot: 1, auth: {token: 'secret-token'}}}");
  const CommandResult result = run({"gateway", "call", "health"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.notes.find("prot"), std::string::npos);
  EXPECT_NE(result.notes.find("requires credentials"), std::string::npos);
  EXPECT_EQ(run({"gateway", "status"}).exit_code, 0);
}

TEST_F(CommandsFailFast, NoOutputHoldsTheSecret) {
  for (const auto& words : {std::vector<std::string>{"status", "--all"},
                            {"gateway", "status", "--json"},
                            {"config", "get", "gateway.auth"},
                            {"config", "get", "gateway.auth.token"},
                            {"health"}}) {
    const CommandResult result = run(words);
    EXPECT_EQ((result.results + result.notes).find("secret-token"), std::string::npos) << words[0];
  }
}

}  // namespace
}  // namespace omenia::cli
