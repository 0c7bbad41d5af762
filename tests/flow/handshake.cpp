// Handshakes that succeed: the challenge, hello-ok and its promises, and which scopes a client ends up with.
#include <set>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

TEST_F(Flow, TheServerSpeaksFirst) {
  WsClient client(gateway.port());
  const Json challenge = client.next();
  EXPECT_TRUE(is_event(challenge, "connect.challenge"));
  EXPECT_EQ(challenge["payload"]["nonce"].text().size(), 36u);
  EXPECT_GT(challenge["payload"]["ts"].integer(), 1'700'000'000'000);
  EXPECT_FALSE(challenge["seq"]) << "the challenge carries no seq";
}

TEST_F(Flow, EverySocketHasItsOwnNonce) {
  WsClient first(gateway.port()), second(gateway.port());
  EXPECT_NE(first.next()["payload"]["nonce"].text(), second.next()["payload"]["nonce"].text());
}

TEST_F(Flow, AnyPathCanBeUpgraded) {
  WsClient client(gateway.port(), "/anything?x=1");
  EXPECT_EQ(client.upgrade_status(), 101);
  EXPECT_TRUE(client.connect(gateway.backend())["ok"].boolean());
}

TEST_F(Flow, CompressionIsNotNegotiated) {
  WsClient client(gateway.port(), "/", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  EXPECT_EQ(client.upgrade_status(), 101);
  EXPECT_EQ(client.upgrade_head().find("permessage-deflate"), std::string::npos);
}

TEST_F(Flow, HelloOkHasItsFields) {
  WsClient client(gateway.port());
  const Json answer = client.connect(gateway.backend());
  const JsonView hello = answer["payload"];
  ASSERT_TRUE(answer["ok"].boolean()) << answer.dump();
  EXPECT_EQ(hello["type"].text(), "hello-ok");
  EXPECT_EQ(hello["protocol"].integer(), 4);
  EXPECT_FALSE(hello["server"]["version"].text().empty());
  EXPECT_EQ(hello["server"]["connId"].text().size(), 36u);
  EXPECT_FALSE(hello["server"]["buildId"]) << "no page carries a build id yet";
  EXPECT_TRUE(hello["snapshot"]["presence"].is_array());
  EXPECT_EQ(hello["snapshot"]["presence"].at(0)["mode"].text(), "gateway");
  EXPECT_TRUE(hello["snapshot"]["health"].is_object());
  EXPECT_TRUE(hello["snapshot"]["stateVersion"]["presence"].is_integer());
  EXPECT_TRUE(hello["snapshot"]["stateVersion"]["health"].is_integer());
  EXPECT_TRUE(hello["snapshot"]["uptimeMs"].is_integer());
  EXPECT_EQ(hello["snapshot"]["sessionDefaults"]["mainSessionKey"].text(), "agent:main:main");
  EXPECT_EQ(hello["auth"]["role"].text(), "operator");
  EXPECT_EQ(hello["policy"]["maxPayload"].integer(), 26'214'400);
  EXPECT_EQ(hello["policy"]["maxBufferedBytes"].integer(), 52'428'800);
  EXPECT_EQ(hello["policy"]["tickIntervalMs"].integer(), 30'000);
}

TEST_F(Flow, EveryAdvertisedMethodExists) {
  WsClient client(gateway.port());
  const Json hello = client.connect(gateway.backend());
  const JsonView methods = hello["payload"]["features"]["methods"];
  EXPECT_GE(methods.size(), 10u);
  for (JsonView method = methods.first(); method; method = method.next()) {
    const Json answer = client.call(method.text(), R"({"bogus":true})");
    EXPECT_EQ(error_message(answer).find("unknown method"), std::string::npos) << method.text();
  }
}

TEST_F(Flow, AdvertisedNamesAreUnique) {
  WsClient client(gateway.port());
  const Json hello = client.connect(gateway.backend());
  for (const char* list : {"methods", "events"}) {
    std::set<std::string> names;
    const JsonView values = hello["payload"]["features"][list];
    for (JsonView name = values.first(); name; name = name.next()) names.emplace(name.text());
    EXPECT_EQ(names.size(), values.size()) << list;
  }
}

TEST_F(Flow, TheTokenMayStandInThePasswordField) {
  Identity identity;
  identity.password = gateway.token();
  EXPECT_TRUE(WsClient(gateway.port()).connect(identity)["ok"].boolean());
}

TEST_F(Flow, TheCommandLineKeepsItsScopesWithoutADevice) {
  auto identity = gateway.backend();
  identity.id = "cli", identity.mode = "cli", identity.scopes = R"(["operator.read"])";
  WsClient client(gateway.port());
  const Json hello = client.connect(identity);
  EXPECT_EQ(hello["payload"]["auth"]["scopes"].dump(), R"(["operator.read"])");
  EXPECT_TRUE(client.call("status")["ok"].boolean());
}

TEST_F(Flow, OtherClientsWithoutADeviceLoseTheirScopes) {
  auto identity = gateway.backend();
  identity.id = "test", identity.mode = "test";
  WsClient client(gateway.port());
  const Json hello = client.connect(identity);
  ASSERT_TRUE(hello["ok"].boolean()) << hello.dump();
  EXPECT_EQ(hello["payload"]["auth"]["scopes"].size(), 0u);
  EXPECT_TRUE(client.call("health")["ok"].boolean()) << "health is for everybody";
  const Json status = client.call("status");
  EXPECT_EQ(error_code(status), "FORBIDDEN");
  EXPECT_EQ(error_message(status), "missing scope: operator.read");
  EXPECT_EQ(status["error"]["details"]["missingScope"].text(), "operator.read");
}

TEST_F(Flow, AProbeIsAcceptedWithoutScopes) {
  auto identity = gateway.backend();
  identity.id = "cli", identity.mode = "probe", identity.protocol_min = 3;
  const Json hello = WsClient(gateway.port()).connect(identity);
  EXPECT_TRUE(hello["ok"].boolean()) << hello.dump();
  EXPECT_EQ(hello["payload"]["auth"]["scopes"].size(), 0u);
}

TEST_F(Flow, StateAndConfigPathsAreForAdministratorsOnly) {
  auto identity = gateway.backend();
  const Json admin = WsClient(gateway.port()).connect(identity);
  EXPECT_EQ(admin["payload"]["snapshot"]["stateDir"].text(), gateway.instance().state_dir());
  identity.scopes = R"(["operator.read"])";
  const Json reader = WsClient(gateway.port()).connect(identity);
  EXPECT_FALSE(reader["payload"]["snapshot"]["stateDir"]);
  EXPECT_FALSE(reader["payload"]["snapshot"]["configPath"]);
}

class OtherAuth : public FlowNotStarted {
 protected:
  void configure(const std::string& auth) {
    gateway.instance().write_config("{\"gateway\":{\"mode\":\"local\",\"port\":" + std::to_string(gateway.port()) +
                                    ",\"auth\":" + auth + "}}");
  }
  std::string connect(const Identity& identity) {
    WsClient client(gateway.port());
    const Json hello = client.connect(identity);
    return hello["ok"].boolean() ? std::string(hello["payload"]["auth"]["method"].text("ok")) : error_code(hello);
  }
};

TEST_F(OtherAuth, PasswordModeTakesThePasswordInEitherField) {
  configure(R"({"mode":"password","password":"open sesame"})");
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(connect(Identity{.password = "open sesame"}), "password");
  EXPECT_EQ(connect(Identity{.token = "open sesame"}), "password");
  EXPECT_EQ(connect(Identity{.password = "open"}), "INVALID_REQUEST");
}

TEST_F(OtherAuth, TheTokenOfTheEnvironmentIsUsed) {
  configure("{}");
  gateway.instance().variables()["OmeniaClaw_GATEWAY_TOKEN"] = "token-of-the-environment";
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(connect(Identity{.token = "token-of-the-environment"}), "token");
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models", .token = "token-of-the-environment"}).status, 200);
}

TEST_F(OtherAuth, ThePasswordOfTheEnvironmentIsUsed) {
  configure(R"({"mode":"password"})");
  gateway.instance().variables()["OmeniaClaw_GATEWAY_PASSWORD"] = "open sesame";
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(connect(Identity{.password = "open sesame"}), "password");
}

TEST_F(OtherAuth, WithoutAnyAuthSettingNobodyGetsIn) {
  configure("{}");
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(connect(Identity{}), "NOT_PAIRED");
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models"}).status, 401);
}

TEST_F(OtherAuth, ModeNoneAdmitsTheLocalBackendOnly) {
  configure(R"({"mode":"none"})");
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(connect(Identity{}), "none");
  EXPECT_EQ(connect(Identity{.token = "ignored"}), "none");
  EXPECT_EQ(connect(Identity{.id = "cli", .mode = "cli"}), "NOT_PAIRED");
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models"}).status, 200);
}

}  // namespace
}  // namespace omenia::test
