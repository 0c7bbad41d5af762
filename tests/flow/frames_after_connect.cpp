// After the handshake nothing a client says closes its connection, except size and repeated role mistakes.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class Frames : public Flow {
 protected:
  void SetUp() override {
    Flow::SetUp();
    client = std::make_unique<WsClient>(gateway.client());
  }
  bool still_open() { return client->call("health")["ok"].boolean(); }
  std::unique_ptr<WsClient> client;
};

TEST_F(Frames, NoJsonIsIgnored) {
  client->send("this is no JSON");
  const std::string id = client->send_request("health");
  const auto frames = client->until([&](JsonView frame) { return frame["type"].text() == "res"; });
  ASSERT_FALSE(frames.empty());
  EXPECT_EQ(frames.back()["id"].text(), id) << "the first answer is the one to the next request";
}

TEST_F(Frames, ARequestWithoutAMethodIsAnswered) {
  client->send(R"({"type":"req","id":"7"})");
  const Json answer = client->answer("7");
  EXPECT_EQ(error_code(answer), "INVALID_REQUEST");
  EXPECT_EQ(error_message(answer), "invalid request frame: must have required property 'method'");
}

TEST_F(Frames, AFrameWithoutAnIdIsAnsweredAsInvalid) {
  client->send(R"({"foo":1})");
  const Json answer = client->answer("invalid");
  EXPECT_THAT(error_message(answer), StartsWith("invalid request frame: "));
}

TEST_F(Frames, AnUnknownMemberIsRefused) {
  client->send(R"({"type":"req","id":"8","method":"health","zzz":1})");
  EXPECT_EQ(error_message(client->answer("8")), "invalid request frame: at root: unexpected property 'zzz'");
  EXPECT_TRUE(still_open());
}

TEST_F(Frames, AnUnknownMethodIsNamed) {
  const Json answer = client->call("does.not.exist");
  EXPECT_EQ(error_code(answer), "INVALID_REQUEST");
  EXPECT_EQ(error_message(answer), "unknown method: does.not.exist");
}

TEST_F(Frames, ASecondConnectIsRefused) {
  const Json answer = client->call("connect", gateway.backend().params());
  EXPECT_EQ(error_message(answer), "connect is only valid as the first request");
  EXPECT_TRUE(still_open());
}

TEST_F(Frames, WrongParamsAreNamedTogether) {
  const Json answer = client->call("chat.history", R"({"bogus":1})");
  EXPECT_EQ(error_message(answer),
            "invalid chat.history params: must have required property 'sessionKey'; at root: unexpected property "
            "'bogus'");
}

TEST_F(Frames, ParamsMayBeMissing) {
  client->send(R"({"type":"req","id":"9","method":"status"})");
  EXPECT_TRUE(client->answer("9")["ok"].boolean());
}

TEST_F(Frames, JsonInABinaryFrameIsARequest) {
  client->send(WsFrame{Opcode::binary, R"({"type":"req","id":"10","method":"health"})"});
  EXPECT_TRUE(client->answer("10")["ok"].boolean());
}

TEST_F(Frames, ARequestMayComeInPiecesWithAPingBetween) {
  client->send(WsFrame{Opcode::text, R"({"type":"req","id":"11",)", false});
  client->send(WsFrame{Opcode::ping, "are you there"});
  client->send(WsFrame{Opcode::continuation, R"("method":"health"})"});
  EXPECT_EQ(client->pong(), "are you there");
  EXPECT_TRUE(client->answer("11")["ok"].boolean());
}

TEST_F(Frames, ALargeRequestIsRead) {
  const Json answer = client->call("agent", message("agent:main:large", "large", std::string(100'000, 'x')));
  EXPECT_TRUE(answer["ok"].boolean()) << error_message(answer);
}

TEST_F(Frames, AFrameOverTheAnnouncedSizeClosesTheConnection) {
  client->send(std::string(26'214'400 + 1, ' '));
  EXPECT_THAT(client->closing().code, AnyOf(1009, 1006));
  EXPECT_TRUE(gateway.client().call("health")["ok"].boolean());
}

TEST_F(Frames, MethodsOfAnotherRoleAreRefusedAndAtLastClose) {
  for (int i = 0; i < 11; ++i) {
    EXPECT_EQ(error_message(client->call("node.event", R"({"event":"x"})")), "unauthorized role: operator");
  }
  const WsClose closed = client->closing();
  EXPECT_EQ(closed.code, 1008);
  EXPECT_EQ(closed.reason, "repeated unauthorized calls");
}

TEST_F(Frames, MissingScopesAreNamed) {
  auto identity = gateway.backend();
  identity.scopes = R"(["operator.read"])";
  auto reader = connected(gateway.port(), identity);
  const Json answer = reader.call("chat.send", message("agent:main:main", "k"));
  EXPECT_EQ(error_code(answer), "FORBIDDEN");
  EXPECT_EQ(answer["error"]["details"]["code"].text(), "MISSING_SCOPE");
  EXPECT_EQ(answer["error"]["details"]["missingScope"].text(), "operator.write");
  EXPECT_EQ(error_code(reader.call("does.not.exist")), "FORBIDDEN") << "unknown methods need operator.admin";
}

TEST_F(Frames, ManyRequestsAreAllAnswered) {
  std::vector<std::string> ids;
  for (int i = 0; i < 200; ++i) ids.push_back(client->send_request("health"));
  for (const auto& id : ids) EXPECT_TRUE(client->answer(id)["ok"].boolean()) << id;
}

TEST_F(Frames, AClientThatClosesIsAnsweredWithAClose) {
  client->send(WsFrame{Opcode::close, std::string("\x03\xe8", 2)});
  EXPECT_EQ(client->closing().code, 1000);
}

}  // namespace
}  // namespace omenia::test
