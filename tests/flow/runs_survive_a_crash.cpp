// What was acknowledged is there after the worker is killed: conversations, results, and the end of every run.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

TEST_F(Flow, FinishedConversationsAreStillThere) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:main:kept", "run-1", "remember this"));
  client.find(ends_chat);
  ASSERT_TRUE(gateway.kill_worker());
  auto later = gateway.client();
  const Json history = later.call("chat.history", R"({"sessionKey":"agent:main:kept"})");
  EXPECT_EQ(conversation(history),
            (std::vector<std::string>{"user: remember this", "assistant: Hello from the mock model."}));
  EXPECT_EQ(later.call("sessions.list")["payload"]["count"].integer(), 1);
}

TEST_F(Flow, TheSameKeyStillAnswersTheStoredResult) {
  auto client = gateway.client();
  const std::string params = message("agent:main:kept", "run-2");
  client.call("agent", params);
  client.find([](JsonView frame) { return frame["payload"]["status"].text() == "ok"; });
  ASSERT_TRUE(gateway.kill_worker());
  const Json again = gateway.client().call("agent", params);
  EXPECT_EQ(again["payload"]["status"].text(), "ok") << again.dump();
  EXPECT_EQ(again["payload"]["result"]["payloads"].at(0)["text"].text(), "Hello from the mock model.");
  EXPECT_EQ(mock.requests().size(), 1u);
}

class Interrupted : public Flow {
 protected:
  // A run that was accepted and has begun to speak when its worker is killed.
  void SetUp() override {
    Flow::SetUp();
    auto client = gateway.client();
    client.call("agent", message("agent:gated:cut", "run-3", "important"));
    mock.release(2);
    ASSERT_TRUE(client.find([](JsonView frame) { return is_chat(frame, "delta"); }));
    ASSERT_TRUE(gateway.kill_worker());
  }
};

TEST_F(Interrupted, RunIsReportedToWhoAsks) {
  const Json answer = gateway.client().call("agent.wait", R"({"runId":"run-3","timeoutMs":5000})");
  EXPECT_TRUE(answer["ok"].boolean());
  EXPECT_EQ(answer["payload"]["status"].text(), "error") << answer.dump();
}

TEST_F(Interrupted, RunHasItsUserMessageInTheHistory) {
  auto client = gateway.client();
  client.call("agent.wait", R"({"runId":"run-3","timeoutMs":5000})");
  const Json history = client.call("chat.history", R"({"sessionKey":"agent:gated:cut"})");
  ASSERT_GE(conversation(history).size(), 1u);
  EXPECT_EQ(conversation(history)[0], "user: important");
  EXPECT_NE(history["payload"]["sessionInfo"]["status"].text(), "running");
  EXPECT_EQ(history["payload"]["sessionInfo"]["lastRunId"].text(), "run-3");
}

TEST_F(Interrupted, RunIsNotRunAgainByItsKey) {
  const std::size_t before = mock.requests().size();
  const Json again = gateway.client().call("agent", message("agent:gated:cut", "run-3", "important"));
  EXPECT_EQ(again["payload"]["status"].text(), "error") << again.dump();
  EXPECT_EQ(mock.requests().size(), before);
}

TEST_F(Interrupted, SessionTakesTheNextMessage) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:gated:cut", "run-4", "again"));
  mock.open_gate();
  const Json end =
      client.find([](JsonView frame) { return ends_chat(frame) && frame["payload"]["runId"].text() == "run-4"; });
  EXPECT_EQ(end["payload"]["state"].text(), "final");
}

std::string end_of(WsClient& client, const std::string& run_id) {
  const Json answer = client.call("agent.wait", "{\"runId\":\"" + run_id + "\",\"timeoutMs\":5000}");
  return std::string(answer["payload"]["status"].text());
}

TEST_F(Flow, ARunThatWaitedForItsLaneIsTakenUpWhenTheWorkerDies) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:gated:queue", "first"));
  client.call("chat.send", message("agent:gated:queue", "second"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  ASSERT_TRUE(gateway.kill_worker());
  mock.open_gate();
  auto later = gateway.client();
  EXPECT_EQ(end_of(later, "first"), "error");
  EXPECT_EQ(end_of(later, "second"), "ok");
}

TEST_F(Flow, AcknowledgedMessagesSurviveKillsInARow) {
  for (int round = 0; round < 3; ++round) {
    auto client = gateway.client();
    client.call("chat.send", message("agent:main:rounds", "run-" + std::to_string(round), std::to_string(round)));
    client.find(ends_chat);
    // A worker that lived only a moment counts as a crash at start; three of those are allowed.
    ASSERT_TRUE(gateway.kill_worker()) << "round " << round;
  }
  const Json history = gateway.client().call("chat.history", R"({"sessionKey":"agent:main:rounds"})");
  EXPECT_EQ(conversation(history).size(), 6u);
}

TEST_F(Flow, AStopAndAStartKeepEverythingToo) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:main:kept", "run-5"));
  client.find(ends_chat);
  ASSERT_EQ(gateway.stop(), 0);
  ASSERT_TRUE(gateway.start());
  const Json history = gateway.client().call("chat.history", R"({"sessionKey":"agent:main:kept"})");
  EXPECT_EQ(conversation(history).size(), 2u);
}

}  // namespace
}  // namespace omenia::test
