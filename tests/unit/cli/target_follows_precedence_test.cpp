// Which gateway, and whose credentials.

#include <gtest/gtest.h>

#include <map>

#include "cli/target.h"

namespace omenia::cli {
namespace {

constexpr int local_port = 18789;

struct Case {
  Arguments arguments;
  Config config;
  std::map<std::string, std::string, std::less<>> variables;

  Result<Target> resolve() const {
    const Environment environment = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
    return resolve_target(arguments, config, environment, local_port);
  }
};

// Credentials everywhere, each named after its place.
Case full_case() {
  Case all;
  all.config.gateway_auth_token = Secret("local");
  all.config.remote_token = Secret("remote");
  all.config.gateway_auth_password = Secret("local-password");
  all.config.remote_password = Secret("remote-password");
  all.config.remote_url = "ws://10.0.0.5:4000";
  all.variables = {{"OmeniaClaw_GATEWAY_TOKEN", "env"}, {"OmeniaClaw_GATEWAY_PASSWORD", "env-password"}};
  return all;
}

TEST(TargetFollowsPrecedence, LocalTokenIsFlagThenConfigThenEnvironmentThenRemote) {
  Case test = full_case();
  EXPECT_EQ(test.resolve().value().token.reveal(), "local");
  EXPECT_EQ(test.resolve().value().url, "ws://127.0.0.1:18789");
  test.arguments.set("--token", "flag");
  EXPECT_EQ(test.resolve().value().token.reveal(), "flag");
  test.arguments = Arguments();
  test.config.gateway_auth_token = Secret();
  EXPECT_EQ(test.resolve().value().token.reveal(), "env");
  test.variables.clear();
  EXPECT_EQ(test.resolve().value().token.reveal(), "remote");
}

TEST(TargetFollowsPrecedence, RemoteModePrefersRemoteCredentials) {
  Case test = full_case();
  test.config.gateway_mode = "remote";
  const Target target = test.resolve().value();
  EXPECT_EQ(target.host, "10.0.0.5");
  EXPECT_EQ(target.port, 4000);
  EXPECT_EQ(target.source, "config gateway.remote.url");
  EXPECT_EQ(target.token.reveal(), "remote");
  EXPECT_EQ(target.password.reveal(), "env-password");
  EXPECT_FALSE(target.local());
}

TEST(TargetFollowsPrecedence, RemoteModeWithoutAddressSaysWhichKeyIsMissing) {
  Case test;
  test.config.gateway_mode = "remote";
  EXPECT_NE(test.resolve().error().message.find("gateway.remote.url"), std::string::npos);
}

TEST(TargetFollowsPrecedence, ExplicitUrlBorrowsNoCredential) {
  Case test = full_case();
  test.arguments.set("--url", "ws://192.168.1.9");
  const auto refused = test.resolve();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message.rfind("gateway url override requires explicit credentials", 0), 0u);
  test.arguments.set("--token", "mine");
  const Target target = test.resolve().value();
  EXPECT_EQ(target.token.reveal(), "mine");
  EXPECT_TRUE(target.password.empty());
  EXPECT_EQ(target.port, 18789);
}

TEST(TargetFollowsPrecedence, UrlOfTheEnvironmentTakesOnlyItsCredentials) {
  Case test = full_case();
  test.config.gateway_mode = "remote";
  test.variables["OmeniaClaw_GATEWAY_URL"] = "ws://127.0.0.1:5000/path";
  Target target = test.resolve().value();
  EXPECT_EQ(target.token.reveal(), "env");
  EXPECT_EQ(target.path, "/path");
  test.variables.erase("OmeniaClaw_GATEWAY_TOKEN");
  EXPECT_TRUE(test.resolve().value().token.empty());
}

TEST(TargetFollowsPrecedence, PortFlagMeansThisMachineAndExcludesUrl) {
  Case test = full_case();
  test.config.gateway_mode = "remote";
  test.arguments.set("--port", "4321");
  const Target target = test.resolve().value();
  EXPECT_EQ(target.url, "ws://127.0.0.1:4321");
  EXPECT_EQ(target.token.reveal(), "local");
  test.arguments.set("--url", "ws://127.0.0.1:1");
  EXPECT_FALSE(test.resolve().ok());
}

TEST(TargetFollowsPrecedence, LocalGatewayWithoutAuthNeedsNoCredential) {
  Case test;
  EXPECT_FALSE(test.resolve().value().has_credentials());
  test.config.gateway_auth_mode = "none";
  EXPECT_TRUE(test.resolve().value().has_credentials());
}

TEST(TargetFollowsPrecedence, UrlsAreReadOrRefusedInWords) {
  EXPECT_EQ(parse_gateway_url("ws://[::1]:99/x").value().host, "::1");
  EXPECT_EQ(parse_gateway_url("ws://[::1]:99/x").value().port, 99);
  EXPECT_EQ(parse_gateway_url("ws://host").value().port, 18789);
  EXPECT_EQ(parse_gateway_url("ws://host?x=1").value().path, "/?x=1");
  EXPECT_TRUE(parse_gateway_url("wss://host:1/x").value().tls);
  EXPECT_EQ(parse_gateway_url("wss://host:1/x").value().path, "/x");
  EXPECT_FALSE(parse_gateway_url("ws://host").value().tls);
  for (const char* url : {"http://host", "ws://", "ws://:1", "ws://host:0", "ws://host:99999", "ws://user@host",
                          "wss://", "wss:/host", "", "ws://[::1", "ws://[::1]x"})
    EXPECT_FALSE(parse_gateway_url(url).ok()) << url;
}

TEST(TargetFollowsPrecedence, UserInfoIsNotRepeatedInTheRefusal) {
  EXPECT_EQ(parse_gateway_url("ws://me:secret@host").error().message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace omenia::cli
