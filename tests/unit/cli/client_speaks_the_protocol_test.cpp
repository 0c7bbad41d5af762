// GatewayClient against a scripted gateway: handshake, answers, events, gaps, closes.

#include <gtest/gtest.h>

#include "cli/client.h"
#include "tests/unit/cli/scripted_gateway.h"

namespace omenia::cli {
namespace {

constexpr std::int64_t patience_ms = 10'000;

Target target_at(int port) {
  Target target;
  target.url = "ws://127.0.0.1:" + std::to_string(port);
  target.host = "127.0.0.1";
  target.port = port;
  target.bind = "loopback";
  target.token = Secret("the-token");
  return target;
}

ScriptedReply greet(JsonView request) {
  return {.frames = {hello(request)}};
}

Result<GatewayClient> opened(const ScriptedGateway& gateway) {
  return GatewayClient::open(target_at(gateway.port()), deadline_after(patience_ms));
}

// A client that has said hello.
GatewayClient greeted(const ScriptedGateway& gateway) {
  auto client = opened(gateway);
  EXPECT_TRUE(client.ok()) << client.error().message;
  auto answer = client.value().connect(target_at(gateway.port()), Identity{}, deadline_after(patience_ms));
  EXPECT_TRUE(answer.ok() && answer.value().ok);
  return std::move(client).value();
}

TEST(ClientSpeaksTheProtocol, ConnectCarriesIdentityScopesAndCredential) {
  std::string params;
  ScriptedGateway gateway([&params](JsonView request) {
    params = request["params"].dump();
    return greet(request);
  });
  auto client = opened(gateway);
  ASSERT_TRUE(client.ok()) << client.error().message;
  Identity identity;
  identity.scopes = {"operator.read"};
  const auto answer = client.value().connect(target_at(gateway.port()), identity, deadline_after(patience_ms));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().payload["auth"]["scopes"].at(0).text(), "operator.read");
  const auto sent = Json::parse(params);
  ASSERT_TRUE(sent.ok());
  EXPECT_EQ(sent.value()["client"]["id"].text(), "cli");
  EXPECT_EQ(sent.value()["minProtocol"].integer(), 4);
  EXPECT_EQ(sent.value()["auth"]["token"].text(), "the-token");
}

TEST(ClientSpeaksTheProtocol, RefusedConnectIsAnAnswerWithTheGatewaysWords) {
  ScriptedGateway gateway([](JsonView request) {
    return ScriptedReply{.frames = {refusal(request, R"({"code":"INVALID_REQUEST","message":"unauthorized: no"})")},
                         .close_code = 1008,
                         .close_reason = "unauthorized: no"};
  });
  auto client = opened(gateway);
  ASSERT_TRUE(client.ok());
  const auto answer = client.value().connect(target_at(gateway.port()), Identity{}, deadline_after(patience_ms));
  ASSERT_TRUE(answer.ok());
  EXPECT_FALSE(answer.value().ok);
  EXPECT_EQ(answer.value().error["message"].text(), "unauthorized: no");
}

TEST(ClientSpeaksTheProtocol, AnswerIsMatchedByIdAmongOtherFrames) {
  ScriptedGateway gateway([](JsonView request) {
    if (request["method"].text() == "connect") return greet(request);
    return ScriptedReply{.frames = {R"({"type":"res","id":"other","ok":true,"payload":1})", event("tick", 1, "{}"),
                                    response(request, R"({"n":2})")}};
  });
  GatewayClient client = greeted(gateway);
  int ticks = 0;
  client.on_event = [&ticks](std::string_view name, JsonView) { ticks += name == "tick" ? 1 : 0; };
  const auto answer = client.call("health", "", deadline_after(patience_ms));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().payload["n"].integer(), 2);
  EXPECT_EQ(ticks, 1);
}

TEST(ClientSpeaksTheProtocol, LargeAnswerArrivesWhole) {
  const std::string text(300'000, 'x');
  ScriptedGateway gateway([&text](JsonView request) {
    if (request["method"].text() == "connect") return greet(request);
    return ScriptedReply{.frames = {response(request, "\"" + text + "\"")}};
  });
  GatewayClient client = greeted(gateway);
  const auto answer = client.call("big", "", deadline_after(patience_ms));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().payload.view().text(), text);
}

TEST(ClientSpeaksTheProtocol, GapInTheSequenceRefreshesOnceAndGoesOn) {
  ScriptedGateway gateway([](JsonView request) {
    const std::string_view method = request["method"].text();
    if (method == "connect") return greet(request);
    if (method == "watch")
      return ScriptedReply{
          .frames = {event("tick", 1, "{}"), event("tick", 5, "{}"), event("tick", 6, "{}"), response(request, "1")}};
    return ScriptedReply{.frames = {response(request, "{}")}};
  });
  GatewayClient client = greeted(gateway);
  ASSERT_TRUE(client.call("watch", "", deadline_after(patience_ms)).ok());
  ASSERT_TRUE(client.call("last", "", deadline_after(patience_ms)).ok());
  const std::vector<std::string> expected = {"connect", "watch", "health", "system-presence", "last"};
  EXPECT_EQ(gateway.received_methods(), expected);
}

TEST(ClientSpeaksTheProtocol, AnnouncedRestartIsKnownAndItsReasonTold) {
  ScriptedGateway gateway([](JsonView request) {
    if (request["method"].text() == "connect") return greet(request);
    return ScriptedReply{.frames = {event("shutdown", 1, R"({"reason":"gateway restarting"})")},
                         .close_code = 1012,
                         .close_reason = "service restart"};
  });
  GatewayClient client = greeted(gateway);
  const auto answer = client.call("health", "", deadline_after(patience_ms));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().message, "gateway closed: service restart");
  EXPECT_TRUE(client.restarting());
}

TEST(ClientSpeaksTheProtocol, SilenceEndsAtTheDeadline) {
  ScriptedGateway gateway(
      [](JsonView request) { return request["method"].text() == "connect" ? greet(request) : ScriptedReply{}; });
  GatewayClient client = greeted(gateway);
  const auto answer = client.call("health", "", deadline_after(50));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::unreachable);
}

TEST(ClientSpeaksTheProtocol, ServerWithoutChallengeIsNoGateway) {
  ScriptedGateway gateway([](JsonView request) { return greet(request); }, false);
  auto client = opened(gateway);
  ASSERT_TRUE(client.ok());
  const auto answer = client.value().connect(target_at(gateway.port()), Identity{}, deadline_after(50));
  EXPECT_FALSE(answer.ok());
}

TEST(ClientSpeaksTheProtocol, NobodyListeningIsToldAtOnceByName) {
  int port = 0;
  {
    ScriptedGateway gateway([](JsonView request) { return greet(request); });
    port = gateway.port();
  }
  const auto client = GatewayClient::open(target_at(port), deadline_after(patience_ms));
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().message, "connect ECONNREFUSED 127.0.0.1:" + std::to_string(port));
}

TEST(ClientSpeaksTheProtocol, PublicAddressIsRefusedBeforeConnecting) {
  Target target = target_at(18789);
  target.host = "93.184.216.34";
  const auto client = GatewayClient::open(target, deadline_after(patience_ms));
  ASSERT_FALSE(client.ok());
  EXPECT_NE(client.error().message.find("unencrypted"), std::string::npos);
}

}  // namespace
}  // namespace omenia::cli
