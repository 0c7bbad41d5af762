// How events are delivered: pings keep a connection or end it, a client that never reads is dropped, and the text of a
// run comes whole or in deltas, as the client asked.
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

// The system's own buffers take some megabytes first; what a slow reader loses before its connection is a unit test.
TEST_F(FlowNotStarted, AClientThatNeverReadsIsDroppedAndNobodyElse) {
  constexpr int notes = 24;
  gateway.instance().variables()["OmeniaClaw_WS_MAX_BUFFERED_BYTES"] = "2000000";
  ASSERT_TRUE(gateway.start());
  WsClient silent(gateway.port());
  const Json hello = silent.connect(gateway.backend());
  EXPECT_EQ(hello["payload"]["policy"]["maxBufferedBytes"].integer(), 2'000'000);
  auto talker = gateway.client();
  talker.call("sessions.create", R"({"key":"loud"})");
  for (WsClient* client : {&silent, &talker}) client->call("sessions.messages.subscribe", R"({"key":"loud"})");
  const std::string note = R"({"sessionKey":"loud","message":")" + std::string(900'000, 'n') + R"("})";
  std::int64_t seq = 0;
  for (int i = 0; i < notes; ++i) {
    const std::string id = talker.send_request("chat.inject", note);
    for (const Json& frame : talker.until([&id](JsonView frame) { return frame["id"].text() == id; })) {
      if (frame["seq"]) ++seq;
      EXPECT_EQ(frame["seq"].integer(seq), seq) << "who reads misses nothing";
    }
  }
  EXPECT_GE(seq, notes);
  EXPECT_THAT(silent.closing().code, AnyOf(1008, 1006));
  EXPECT_THAT(gateway.everything_said(), HasSubstr("it does not read what is sent to it"));
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
