// One run at a time in a session; sessions do not wait for each other.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

TEST_F(Flow, TwoMessagesToOneSessionRunOneAfterTheOther) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:gated:lane", "first", "one"));
  client.call("chat.send", message("agent:gated:lane", "second", "two"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  client.call("health");
  EXPECT_EQ(mock.requests().size(), 1u) << "the second waits";
  mock.open_gate();
  EXPECT_EQ(client.find(ends_chat)["payload"]["runId"].text(), "first");
  EXPECT_EQ(client.find(ends_chat)["payload"]["runId"].text(), "second");
  ASSERT_EQ(mock.requests().size(), 2u);
  EXPECT_THAT(mock.requests()[1].body, HasSubstr("tick tick")) << "the second sees the first one's answer";
  const Json history = client.call("chat.history", R"({"sessionKey":"agent:gated:lane"})");
  const auto lines = conversation(history);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "user: one");
  EXPECT_EQ(lines[2], "user: two");
}

TEST_F(Flow, SessionsRunSideBySide) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:gated:a", "first"));
  client.call("chat.send", message("agent:gated:b", "second"));
  EXPECT_TRUE(mock.wait_for_requests(2));
  client.call("chat.send", message("agent:main:c", "third"));
  EXPECT_EQ(client.find(ends_chat)["payload"]["runId"].text(), "third");
}

TEST_F(Flow, AnHttpRequestWaitsForItsSessionsTurn) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:gated:shared", "first", "over the socket"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  HttpClient caller(gateway.port());
  caller.send(HttpRequest{.method = "POST",
                          .target = "/v1/chat/completions",
                          .token = gateway.token(),
                          .headers = "x-OmeniaClaw-session-key: agent:gated:shared\r\n",
                          .body = chat_body("OmeniaClaw/gated", "over http")}
                  .text());
  client.call("health");
  mock.open_gate();
  EXPECT_EQ(caller.read().status, 200);
  ASSERT_EQ(mock.requests().size(), 2u);
  EXPECT_THAT(mock.requests()[1].body, HasSubstr("over http"));
}

TEST_F(Flow, AFullLaneRefusesInWords) {
  auto client = gateway.client();
  Json answer;
  for (int i = 0; i < 200; ++i) {
    answer = client.call("chat.send", message("agent:gated:full", "run-" + std::to_string(i)));
    if (!answer["ok"].boolean()) break;
  }
  EXPECT_EQ(error_code(answer), "UNAVAILABLE");
  EXPECT_TRUE(client.call("health")["ok"].boolean());
}

}  // namespace
}  // namespace omenia::test
