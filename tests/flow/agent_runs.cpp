// The method `agent`: accepted at once, final later with the same id, events between; one run an idempotency key.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

bool is_final(JsonView frame, std::string_view id) {
  return frame["type"].text() == "res" && frame["id"].text() == id && frame["payload"]["status"].text() != "accepted";
}

TEST_F(Flow, AnAgentRunIsAcceptedThenStreamsThenEnds) {
  auto client = gateway.client();
  const std::string id = client.send_request("agent", message("agent:main:two-stage", "run-1"));
  const auto frames = client.until([&](JsonView frame) { return is_final(frame, id); });

  std::size_t accepted_at = frames.size(), first_event_at = frames.size();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (frames[i]["payload"]["status"].text() == "accepted") accepted_at = i;
    if (is_event(frames[i], "agent")) first_event_at = std::min(first_event_at, i);
  }
  ASSERT_LT(accepted_at, first_event_at) << "events come after the acknowledgement";
  ASSERT_LT(first_event_at, frames.size() - 1) << "events come before the final answer";
  EXPECT_EQ(frames[accepted_at]["payload"]["runId"].text(), "run-1");
  EXPECT_TRUE(frames[accepted_at]["payload"]["acceptedAt"].is_integer());
  const Json& final = frames.back();
  EXPECT_TRUE(final["ok"].boolean());
  EXPECT_EQ(final["payload"]["status"].text(), "ok");
  EXPECT_EQ(final["payload"]["runId"].text(), "run-1");
  EXPECT_EQ(final["payload"]["result"]["payloads"].at(0)["text"].text(), "Hello from the mock model.");
}

TEST_F(Flow, SeqCountsByOneOnTheConnectionAndGrowsInTheRun) {
  auto client = gateway.client();
  const std::string id = client.send_request("agent", message("agent:main:seq", "run-2"));
  std::int64_t connection_seq = 0, run_seq = 0;
  for (const auto& frame : client.until([&](JsonView item) { return is_final(item, id); })) {
    if (frame["type"].text() != "event") continue;
    if (connection_seq != 0) {
      EXPECT_EQ(frame["seq"].integer(), connection_seq + 1) << frame.dump();
    }
    connection_seq = frame["seq"].integer();
    if (!is_event(frame, "agent")) continue;
    EXPECT_GT(frame["payload"]["seq"].integer(), run_seq);
    run_seq = frame["payload"]["seq"].integer();
  }
  EXPECT_GT(run_seq, 1);
}

TEST_F(Flow, AgentEventsTellStartTextAndEnd) {
  auto client = gateway.client();
  const std::string id = client.send_request("agent", message("agent:main:events", "run-3"));
  std::vector<std::string> phases;
  std::string text;
  for (const auto& frame : client.until([&](JsonView item) { return is_final(item, id); })) {
    if (!is_event(frame, "agent")) continue;
    const JsonView payload = frame["payload"];
    EXPECT_EQ(payload["runId"].text(), "run-3");
    EXPECT_EQ(payload["sessionKey"].text(), "agent:main:events");
    EXPECT_TRUE(payload["ts"].is_integer());
    if (payload["stream"].text() == "lifecycle") phases.emplace_back(payload["data"]["phase"].text());
    if (payload["stream"].text() == "assistant") text = payload["data"]["text"].text();
  }
  ASSERT_GE(phases.size(), 2u);
  EXPECT_EQ(phases.front(), "start");
  EXPECT_EQ(phases.back(), "end");
  EXPECT_EQ(text, "Hello from the mock model.");
}

TEST_F(Flow, ARepeatedKeyAnswersTheStoredResultAndRunsNothing) {
  auto client = gateway.client();
  const std::string params = message("agent:main:repeat", "run-4");
  client.call("agent", params);
  client.find([](JsonView frame) { return frame["payload"]["status"].text() == "ok"; });
  const Json again = client.call("agent", params);
  EXPECT_EQ(again["payload"]["status"].text(), "ok");
  EXPECT_EQ(again["payload"]["result"]["payloads"].at(0)["text"].text(), "Hello from the mock model.");
  EXPECT_EQ(mock.requests().size(), 1u);
}

TEST_F(Flow, TheKeyIsOfTheGatewayNotOfTheSession) {
  auto client = gateway.client();
  client.call("agent", message("agent:main:one", "run-5"));
  client.find([](JsonView frame) { return frame["payload"]["status"].text() == "ok"; });
  const Json other = client.call("agent", message("agent:main:other", "run-5", "another text"));
  EXPECT_EQ(other["payload"]["status"].text(), "ok");
  EXPECT_EQ(mock.requests().size(), 1u);
}

TEST_F(Flow, AKeyIsRequired) {
  const Json answer = gateway.client().call("agent", R"({"message":"hi"})");
  EXPECT_EQ(error_message(answer), "invalid agent params: must have required property 'idempotencyKey'");
}

TEST_F(Flow, AnUnknownAgentIsRefused) {
  const Json answer = gateway.client().call("agent", R"({"message":"hi","agentId":"nobody","idempotencyKey":"k"})");
  EXPECT_FALSE(answer["ok"].boolean(true));
  EXPECT_EQ(error_code(answer), "INVALID_REQUEST");
  EXPECT_THAT(error_message(answer), HasSubstr("nobody"));
}

TEST_F(Flow, AFailedRunAnswersPayloadAndError) {
  auto client = gateway.client();
  const std::string id = client.send_request("agent", message("agent:401:main", "run-6"));
  client.answer(id);
  const Json final = client.answer(id);
  EXPECT_FALSE(final["ok"].boolean(true));
  EXPECT_EQ(final["payload"]["status"].text(), "error");
  EXPECT_EQ(final["payload"]["runId"].text(), "run-6");
  EXPECT_EQ(error_code(final), "UNAVAILABLE");
  EXPECT_EQ(final["payload"]["summary"].text(), error_message(final));
}

TEST_F(Flow, WaitAnswersWhenTheRunEnds) {
  auto client = gateway.client();
  client.call("agent", message("agent:gated:main", "run-7"));
  auto waiter = gateway.client();
  const std::string id = waiter.send_request("agent.wait", R"({"runId":"run-7","timeoutMs":20000})");
  ASSERT_TRUE(mock.wait_for_requests(1));
  mock.open_gate();
  const Json answer = waiter.answer(id);
  EXPECT_EQ(answer["payload"]["status"].text(), "ok");
  EXPECT_LE(answer["payload"]["startedAt"].integer(), answer["payload"]["endedAt"].integer());
}

TEST_F(Flow, WaitAnswersAtOnceForARunThatHasEnded) {
  auto client = gateway.client();
  const std::string id = client.send_request("agent", message("agent:500:main", "run-8"));
  client.find([&](JsonView frame) { return is_final(frame, id); });
  EXPECT_EQ(client.call("agent.wait", R"({"runId":"run-8"})")["payload"]["status"].text(), "error");
}

TEST_F(Flow, WaitEndsWithATimeoutThatIsNoError) {
  auto client = gateway.client();
  client.call("agent", message("agent:gated:main", "run-9"));
  const Json answer = client.call("agent.wait", R"({"runId":"run-9","timeoutMs":50})");
  EXPECT_TRUE(answer["ok"].boolean());
  EXPECT_EQ(answer["payload"]["status"].text(), "timeout");
}

TEST_F(Flow, OtherReadersSeeTheRunsEvents) {
  auto watcher = gateway.client();
  auto client = gateway.client();
  client.call("agent", message("agent:main:watched", "run-10"));
  const Json event = watcher.event("agent");
  EXPECT_EQ(event["payload"]["runId"].text(), "run-10");
}

TEST_F(Flow, ClientsWithoutReadSeeNoRuns) {
  auto identity = gateway.backend();
  identity.id = "test", identity.mode = "test";
  auto stranger = connected(gateway.port(), identity);
  auto client = gateway.client();
  client.call("agent", message("agent:main:secret", "run-11"));
  client.find([](JsonView frame) { return frame["payload"]["status"].text() == "ok"; });
  const std::string id = stranger.send_request("health");
  for (const auto& frame : stranger.until([&](JsonView item) { return item["id"].text() == id; })) {
    EXPECT_FALSE(is_event(frame, "agent") || is_event(frame, "chat")) << frame.dump();
  }
}

TEST_F(Flow, TheModelSeesTheConversationOfTheSession) {
  auto client = gateway.client();
  for (const char* key : {"turn-1", "turn-2"}) {
    client.call("agent", message("agent:main:memory", key, std::string("text of ") + key));
    client.find([](JsonView frame) { return frame["payload"]["status"].text() == "ok"; });
  }
  ASSERT_EQ(mock.requests().size(), 2u);
  const std::string second = mock.requests()[1].body;
  const auto body = Json::parse(second);
  ASSERT_TRUE(body.ok());
  EXPECT_THAT(second,
              AllOf(HasSubstr("text of turn-1"), HasSubstr("Hello from the mock model."), HasSubstr("text of turn-2")));
  EXPECT_THAT(mock.requests()[1].head, HasSubstr("Authorization: Bearer mock-key"));
  EXPECT_TRUE(body.value()["stream"].boolean());
}

}  // namespace
}  // namespace omenia::test
