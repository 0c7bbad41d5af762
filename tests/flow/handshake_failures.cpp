// Handshakes that fail: each ends in the close code of its kind, with the same reason in the answer, and touches nobody
// else.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

// A first frame as it is sent, and what must come back.
struct FirstFrame {
  std::string name;
  WsFrame sent;
  std::string error_message{};  // Of the answer before the close; empty: no answer.
  int close_code = 1008;
  std::string close_reason{};
};

std::ostream& operator<<(std::ostream& out, const FirstFrame& frame) {
  return out << frame.name;
}

WsFrame text(const std::string& payload) {
  return {Opcode::text, payload};
}

std::string connect_frame(const std::string& params) {
  return R"({"type":"req","id":"1","method":"connect","params":)" + params + "}";
}

const std::vector<FirstFrame>& bad_first_frames() {
  static const std::string not_connect = "invalid handshake: first request must be connect";
  static const std::string no_client = "invalid connect params: must have required property 'client'";
  static const std::string bad_id = "invalid connect params: at /client/id: must be equal to one of the allowed values";
  static const std::string bogus = "invalid connect params: at root: unexpected property 'bogus'";
  static const std::string client = R"("client":{"id":"test","version":"1","platform":"linux","mode":"test"})";
  static const std::vector<FirstFrame> frames = {
      {"AnotherMethod", text(R"({"type":"req","id":"1","method":"health"})"), not_connect, 1008, not_connect},
      {"NoClient", text(connect_frame(R"({"minProtocol":4,"maxProtocol":4})")), no_client, 1008, no_client},
      {"UnknownClientId",
       text(connect_frame(
           R"({"minProtocol":4,"maxProtocol":4,"client":{"id":"me","version":"1","platform":"x","mode":"test"}})")),
       bad_id, 1008, bad_id},
      {"UnknownParam", text(connect_frame("{\"minProtocol\":4,\"maxProtocol\":4,\"bogus\":1," + client + "}")), bogus,
       1008, bogus},
      {"ANumber", text("42"), "", 1008, "invalid request frame"},
      {"NoType", text(R"({"id":"1","method":"connect"})"), "", 1008, "invalid request frame"},
      {"NoJson", text("hello?"), "", 1000, ""},
      {"EmptyText", text(""), "", 1000, ""},
      {"BinaryGarbage", {Opcode::binary, std::string("\x00\xff\x01\x02", 4)}, "", 1000, ""},
      {"TooLarge", text(std::string(70'000, 'x')), "", 1009, ""},
      {"TooLargeInPieces", {Opcode::text, std::string(65'000, 'x'), false}, "", 1000, ""},
      {"AnEvent", text(R"({"type":"event","event":"tick"})"), "", 1008, "invalid request frame"},
  };
  return frames;
}

class BadFirstFrame : public Flow, public testing::WithParamInterface<FirstFrame> {};

TEST_P(BadFirstFrame, IsAnsweredAndClosed) {
  auto bystander = gateway.client();
  WsClient client(gateway.port());
  ASSERT_TRUE(client.event("connect.challenge"));
  client.send(GetParam().sent);
  if (!GetParam().sent.last) client.send(WsFrame{Opcode::continuation, "still no JSON"});
  const WsClose closed = client.closing();
  EXPECT_EQ(closed.code, GetParam().close_code);
  EXPECT_EQ(closed.reason, GetParam().close_reason);
  if (!GetParam().error_message.empty()) {
    const Json answer = client.answer("1");
    EXPECT_EQ(error_code(answer), "INVALID_REQUEST");
    EXPECT_EQ(error_message(answer), GetParam().error_message);
  }
  EXPECT_TRUE(bystander.call("health")["ok"].boolean());
}

INSTANTIATE_TEST_SUITE_P(Handshake, BadFirstFrame, testing::ValuesIn(bad_first_frames()),
                         [](const auto& info) { return info.param.name; });

// A connect that is well formed and not accepted.
class Refused : public Flow {
 protected:
  struct Outcome {
    Json answer;
    WsClose closed;
  };
  Outcome connect(const Identity& identity) {
    WsClient client(gateway.port(), "/", headers);
    Outcome outcome;
    outcome.answer = client.connect(identity);
    outcome.closed = client.closing();
    return outcome;
  }
  static std::string detail(const Outcome& outcome) {
    return std::string(outcome.answer["error"]["details"]["code"].text());
  }
  std::string headers;
};

TEST_F(Refused, AnOlderProtocol) {
  auto identity = gateway.backend();
  identity.protocol_min = identity.protocol_max = 3;
  const auto outcome = connect(identity);
  EXPECT_EQ(outcome.closed.code, 1002);
  EXPECT_EQ(outcome.closed.reason, "protocol mismatch");
  EXPECT_EQ(detail(outcome), "PROTOCOL_MISMATCH");
  EXPECT_EQ(outcome.answer["error"]["details"]["expectedProtocol"].integer(), 4);
}

TEST_F(Refused, ANewerProtocol) {
  auto identity = gateway.backend();
  identity.protocol_min = 5, identity.protocol_max = 6;
  EXPECT_EQ(connect(identity).closed.code, 1002);
}

TEST_F(Refused, AnUnknownRole) {
  auto identity = gateway.backend();
  identity.role = "guest";
  const auto outcome = connect(identity);
  EXPECT_EQ(outcome.closed.code, 1008);
  EXPECT_EQ(error_message(outcome.answer), "invalid role");
}

TEST_F(Refused, AWrongToken) {
  Identity identity;
  identity.token = "wrong";
  const auto outcome = connect(identity);
  EXPECT_EQ(outcome.closed.code, 1008);
  EXPECT_THAT(outcome.closed.reason, StartsWith("unauthorized: gateway token mismatch"));
  EXPECT_EQ(error_code(outcome.answer), "INVALID_REQUEST");
  EXPECT_EQ(detail(outcome), "AUTH_TOKEN_MISMATCH");
  const JsonView details = outcome.answer["error"]["details"];
  EXPECT_EQ(details["authReason"].text(), "token_mismatch");
  EXPECT_FALSE(details["canRetryWithDeviceToken"].boolean(true));
  EXPECT_EQ(details["recommendedNextStep"].text(), "update_auth_credentials");
}

TEST_F(Refused, AWrongTokenOfTheCommandLineNamesTheSetting) {
  Identity identity{.token = "wrong", .id = "cli", .mode = "cli"};
  EXPECT_THAT(error_message(connect(identity).answer), HasSubstr("gateway.auth.token"));
}

TEST_F(Refused, AWrongSecretInThePasswordField) {
  Identity identity;
  identity.password = "wrong";
  EXPECT_EQ(detail(connect(identity)), "AUTH_TOKEN_MISMATCH");
}

TEST_F(Refused, ATokenThatOnlyStartsRight) {
  auto identity = gateway.backend();
  identity.token.pop_back();
  EXPECT_EQ(detail(connect(identity)), "AUTH_TOKEN_MISMATCH");
}

TEST_F(Refused, NoCredentialAndNoDevice) {
  const auto outcome = connect(Identity{});
  EXPECT_EQ(outcome.closed.code, 1008);
  EXPECT_EQ(outcome.closed.reason, "device identity required");
  EXPECT_EQ(error_code(outcome.answer), "NOT_PAIRED");
  EXPECT_EQ(detail(outcome), "DEVICE_IDENTITY_REQUIRED");
}

TEST_F(Refused, ANodeWithoutADevice) {
  auto identity = gateway.backend();
  identity.id = "node-host", identity.mode = "node", identity.role = "node", identity.scopes = "[]";
  EXPECT_EQ(error_code(connect(identity).answer), "NOT_PAIRED");
}

TEST_F(Refused, AControlPageWithoutAnOrigin) {
  auto identity = gateway.backend();
  identity.id = "openclaw-control-ui", identity.mode = "webchat";
  EXPECT_EQ(detail(connect(identity)), "CONTROL_UI_ORIGIN_NOT_ALLOWED");
}

TEST_F(Refused, AForeignOrigin) {
  headers = "Origin: https://evil.example\r\n";
  const auto outcome = connect(gateway.backend());
  EXPECT_EQ(outcome.closed.code, 1008);
  EXPECT_EQ(detail(outcome), "CONTROL_UI_ORIGIN_NOT_ALLOWED");
}

TEST_F(Refused, AWebPageThatGuessesIsLockedOut) {
  headers = "Origin: http://127.0.0.1:" + std::to_string(gateway.port()) + "\r\n";
  Identity wrong;
  wrong.token = "wrong";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(detail(connect(wrong)), "AUTH_TOKEN_MISMATCH") << "attempt " << i + 1;
  const auto outcome = connect(gateway.backend());
  EXPECT_EQ(detail(outcome), "AUTH_RATE_LIMITED");
  EXPECT_TRUE(outcome.answer["error"]["retryable"].boolean());
  EXPECT_GT(outcome.answer["error"]["retryAfterMs"].integer(), 0);
}

TEST_F(FlowNotStarted, AClientThatSaysNothingIsClosedAfterTheTimeout) {
  gateway.instance().variables()["OmeniaClaw_HANDSHAKE_TIMEOUT_MS"] = "200";
  ASSERT_TRUE(gateway.start());
  WsClient client(gateway.port());
  ASSERT_TRUE(client.event("connect.challenge"));
  const WsClose closed = client.closing();
  EXPECT_EQ(closed.code, 1000);
  EXPECT_EQ(closed.reason, "");
}

TEST_F(FlowNotStarted, AConnectedClientIsNotTimedOut) {
  gateway.instance().variables()["OmeniaClaw_HANDSHAKE_TIMEOUT_MS"] = "200";
  ASSERT_TRUE(gateway.start());
  auto client = gateway.client();
  WsClient silent(gateway.port());
  EXPECT_EQ(silent.closing().code, 1000);  // Later than our own deadline would have been.
  EXPECT_TRUE(client.call("health")["ok"].boolean());
}

TEST_F(Flow, TheThirtyThirdWaitingClientIsTurnedAway) {
  std::vector<WsClient> waiting;
  for (int i = 0; i < 32; ++i) {
    waiting.emplace_back(gateway.port());
    ASSERT_EQ(waiting.back().upgrade_status(), 101) << "client " << i + 1;
  }
  EXPECT_EQ(WsClient(gateway.port()).upgrade_status(), 503);
  EXPECT_TRUE(waiting.front().connect(gateway.backend())["ok"].boolean());
  EXPECT_EQ(WsClient(gateway.port()).upgrade_status(), 101);
}

// libwebsockets reads frames without a mask like others, though a client should not send them.
TEST_F(Flow, AnUnmaskedFrameIsReadLikeAnyOther) {
  auto client = gateway.client();
  client.send(WsFrame{Opcode::text, R"({"type":"req","id":"unmasked","method":"health"})", true, false});
  EXPECT_TRUE(client.answer("unmasked")["ok"].boolean());
}

TEST_F(Flow, AnotherWebSocketVersionIsRefused) {
  HttpClient client(gateway.port());
  client.send(
      "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 7\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_THAT(client.read_head().status, AnyOf(400, 426));
}

}  // namespace
}  // namespace omenia::test
