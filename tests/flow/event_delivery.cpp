// How events are delivered: pings keep a connection or end it, a slow reader loses what may be lost and then its
// connection, and the text of a run comes whole or in deltas, as the client asked.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

TEST_F(FlowNotStarted, AClientThatAnswersPingsStays) {
  gateway.instance().variables()["OmeniaClaw_WS_PING_MS"] = "1000";
  ASSERT_TRUE(gateway.start());
  auto client = gateway.client();
  EXPECT_TRUE(client.pinged(2));
  EXPECT_TRUE(client.call("health")["ok"].boolean());
}

TEST_F(FlowNotStarted, AClientThatAnswersNoPingIsDropped) {
  gateway.instance().variables()["OmeniaClaw_WS_PING_MS"] = "200";
  ASSERT_TRUE(gateway.start());
  auto client = gateway.client();
  client.leave_pings_unanswered();
  EXPECT_EQ(client.closing().code, 1006);
  EXPECT_EQ(gateway.get("/healthz").status, 200);
}

class SlowReader : public FlowNotStarted {
 protected:
  static constexpr int visitors = 40;

  void SetUp() override {
    gateway.instance().variables()["OmeniaClaw_WS_MAX_BUFFERED_BYTES"] = "2000000";
    ASSERT_TRUE(gateway.start());
    Identity reader = gateway.backend();
    reader.scopes = R"(["operator.read"])";
    slow = std::make_unique<WsClient>(gateway.port());
    slow->socket().shrink_receive_buffer(4096);
    hello = slow->connect(reader);
    ASSERT_TRUE(hello["ok"].boolean()) << hello.dump();
  }

  // Each is a presence event when it comes, and one when it goes; the list that they carry becomes long.
  void visit() {
    Identity visitor = gateway.backend();
    visitor.id = visitor.mode = "test";
    std::string params = visitor.params();
    const std::string mode = R"("mode":"test")";
    params.insert(params.find(mode) + mode.size(), R"(,"displayName":")" + std::string(8'000, 'v') + '"');
    WsClient client(gateway.port());
    client.event("connect.challenge");
    const Json answer = client.call("connect", params);
    ASSERT_TRUE(answer["ok"].boolean()) << answer.dump();
  }

  std::unique_ptr<WsClient> slow;
  Json hello;
};

TEST_F(SlowReader, LosesWhatMayBeLostAndSeesTheGap) {
  EXPECT_EQ(hello["payload"]["policy"]["maxBufferedBytes"].integer(), 2'000'000);
  for (int i = 0; i < visitors; ++i) visit();
  std::vector<std::int64_t> numbers;
  std::size_t gaps = 0;
  // It reads again; what comes now is told to it, with the number that it has by now.
  while (gaps == 0 && !HasFailure() && numbers.size() < 4 * visitors) {
    slow->call("health");
    visit();
    const Json event = slow->event("presence");
    ASSERT_TRUE(event);
    numbers.push_back(event["seq"].integer());
    if (numbers.size() > 1 && numbers.back() != numbers[numbers.size() - 2] + 1) ++gaps;
  }
  EXPECT_EQ(gaps, 1u);
  EXPECT_TRUE(slow->call("health")["ok"].boolean()) << "it has lost events, not its connection";
}

TEST_F(SlowReader, LosesItsConnectionForWhatMayNotBeLost) {
  slow->call("sessions.subscribe");
  auto talker = gateway.client();
  const std::string text(700'000, 't');
  for (int i = 0; i < 12; ++i) {
    const std::string run = "run-" + std::to_string(i);
    EXPECT_TRUE(talker.call("chat.send", message("agent:main:loud", run, text))["ok"].boolean());
    ASSERT_TRUE(talker.find(ends_chat));
  }
  EXPECT_THAT(slow->closing().code, AnyOf(1008, 1006));
  EXPECT_TRUE(talker.call("health")["ok"].boolean());
}

TEST_F(Flow, AClientThatTakesDeltasGetsNoRepeatedText) {
  Identity identity = gateway.backend();
  identity.caps = R"(["delta-text"])";
  WsClient client(gateway.port());
  const Json hello = client.connect(identity);
  EXPECT_EQ(hello["payload"]["features"]["capabilities"].at(0).text(), "delta-text");
  client.send_request("chat.send", message("agent:main:delta", "run-1"));
  std::string chat_text;
  std::string agent_text;
  const auto frames = client.until(ends_chat);
  for (const Json& frame : frames) {
    const JsonView payload = frame["payload"];
    if (is_chat(frame, "delta")) {
      chat_text += payload["deltaText"].text();
      EXPECT_FALSE(payload["message"]) << frame.dump();
    } else if (is_event(frame, "agent") && payload["stream"].text() == "assistant") {
      agent_text += payload["data"]["delta"].text();
      EXPECT_FALSE(payload["data"]["text"]) << frame.dump();
    }
  }
  EXPECT_EQ(chat_text, "Hello from the mock model.");
  EXPECT_EQ(agent_text, chat_text);
  EXPECT_EQ(text_of(frames.back()["payload"]["message"]), chat_text) << "the last event has the whole text";
}

}  // namespace
}  // namespace omenia::test
