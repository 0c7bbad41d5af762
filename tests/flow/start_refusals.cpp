// Starts that are refused: each says what is wrong and what to do, with the exit code that service managers go by.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr int configuration_error = 78;

class Refusal : public testing::Test {
 protected:
  // Runs `gateway` to its end.
  int run(const std::vector<std::string>& arguments = {}) {
    std::vector<std::string> words{"gateway"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    ChildProcess process = instance.command(words);
    const int code = process.wait();
    said = process.errors();
    return code;
  }
  void configure_gateway(const std::string& members) {
    instance.write_config("{\"gateway\":{\"port\":" + std::to_string(instance.port()) + members + "}}");
  }
  bool listens() const { return Socket(instance.port()).open(); }

  Instance instance;
  std::string said;
};

TEST_F(Refusal, EveryProblemOfABrokenConfigIsListed) {
  instance.write_config(R"({"gateway":{"mode":"local","port":"many","bind":"everywhere","reload":{"mode":"never"}}})");
  EXPECT_EQ(run(), configuration_error);
  EXPECT_THAT(said, HasSubstr("Invalid config at"));
  EXPECT_THAT(said, HasSubstr("gateway.port"));
  EXPECT_THAT(said, HasSubstr("gateway.bind"));
  EXPECT_THAT(said, HasSubstr("gateway.reload.mode"));
  EXPECT_FALSE(listens());
}

TEST_F(Refusal, AConfigThatIsNoJsonIsRefused) {
  instance.write_config("{\"gateway\": ");
  EXPECT_EQ(run(), configuration_error);
  EXPECT_THAT(said, HasSubstr("Invalid config at"));
}

TEST_F(Refusal, AMissingConfigIsNamed) {
  EXPECT_EQ(run(), configuration_error);
  EXPECT_THAT(said, HasSubstr("Missing config"));
}

TEST_F(Refusal, RemoteModeDoesNotStartAGateway) {
  configure_gateway(R"(,"mode":"remote","auth":{"token":"0123456789abcdef0123456789abcdef"})");
  EXPECT_EQ(run(), configuration_error);
  EXPECT_THAT(said, HasSubstr("Gateway start blocked: set gateway.mode=local"));
  EXPECT_FALSE(listens());
}

TEST_F(Refusal, AConfigWithoutAModeDoesNotStartAGateway) {
  configure_gateway(R"(,"auth":{"token":"0123456789abcdef0123456789abcdef"})");
  EXPECT_EQ(run(), configuration_error);
  EXPECT_THAT(said, HasSubstr("Gateway start blocked: set gateway.mode=local"));
}

TEST_F(Refusal, ANetworkBindWithoutAuthIsRefused) {
  configure_gateway(R"(,"mode":"local","auth":{"mode":"none"})");
  EXPECT_EQ(run({"--bind", "lan"}), configuration_error);
  EXPECT_THAT(said, ContainsRegex("refusing to bind gateway .* without auth"));
  EXPECT_FALSE(listens());
}

TEST_F(Refusal, PasswordModeWithoutAPasswordIsRefused) {
  configure_gateway(R"(,"mode":"local","auth":{"mode":"password"})");
  EXPECT_EQ(run(), configuration_error);
  EXPECT_THAT(said, HasSubstr("no password is configured"));
}

TEST_F(Refusal, TokenAndPasswordWithoutAModeAreRefused) {
  configure_gateway(R"(,"mode":"local","auth":{"token":"t0ken","password":"passw0rd"})");
  EXPECT_EQ(run(), configuration_error);
  EXPECT_THAT(said, HasSubstr("gateway.auth.mode"));
}

TEST_F(Refusal, ABadPortOptionIsAUsageError) {
  instance.configure();
  EXPECT_EQ(run({"--port", "70000"}), 1);
  EXPECT_THAT(said, HasSubstr("Invalid --port"));
}

TEST_F(Refusal, ABadBindOptionIsAUsageError) {
  instance.configure();
  EXPECT_EQ(run({"--bind", "0.0.0.0"}), 1);
  EXPECT_THAT(said, HasSubstr("Invalid --bind"));
}

TEST_F(Refusal, AnotherGatewayOnThePortIsNamed) {
  Gateway first;
  first.instance().configure();
  ASSERT_TRUE(first.start());
  instance.configure();
  const std::string port = std::to_string(first.port());
  EXPECT_EQ(run({"--port", port}), 1);
  EXPECT_THAT(said, HasSubstr("another gateway instance is already listening on ws://127.0.0.1:" + port));
  EXPECT_EQ(http(first.port(), {.target = "/healthz"}).status, 200);
}

TEST_F(Refusal, AStrangerOnThePortIsLeftAlone) {
  const MockUpstream stranger(instance.port());
  instance.configure();
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(said, HasSubstr("already listening on ws://127.0.0.1:" + std::to_string(instance.port())));
  EXPECT_EQ(http(instance.port(), {.target = "/v1/models"}).status, 200);
}

TEST_F(Refusal, ASecondGatewayOnTheSameStateDirectoryIsRefused) {
  Gateway first;
  first.instance().configure();
  ASSERT_TRUE(first.start());
  instance.configure();
  instance.variables()["OmeniaClaw_STATE_DIR"] = first.instance().state_dir();
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(said, HasSubstr("gateway already running (pid " + std::to_string(first.supervisor_pid()) + ")"));
  EXPECT_EQ(http(first.port(), {.target = "/healthz"}).status, 200);
}

TEST_F(FlowNotStarted, AllowUnconfiguredStartsWithoutAMode) {
  gateway.instance().write_config(R"({"gateway":{"auth":{"mode":"none"}}})");
  EXPECT_TRUE(gateway.start({"--allow-unconfigured", "--port", std::to_string(gateway.port())}));
}

}  // namespace
}  // namespace omenia::test
