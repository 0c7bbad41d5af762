// Stopping a run: the model call ends at once, what was said stays.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* key = "agent:gated:abort";

class Abort : public Flow {
 protected:
  // A run of which the client has seen the first word.
  void SetUp() override {
    Flow::SetUp();
    client = std::make_unique<WsClient>(gateway.client());
    client->call("chat.send", message(key, "run-1"));
    mock.release(2);
    ASSERT_TRUE(client->find([](JsonView frame) { return is_chat(frame, "delta"); }));
  }
  std::unique_ptr<WsClient> client;
};

TEST_F(Abort, KeepsThePartialText) {
  const std::string params = std::string("{\"sessionKey\":\"") + key + "\",\"runId\":\"run-1\"}";
  const Json answer = client->call("chat.abort", params);
  EXPECT_TRUE(answer["payload"]["ok"].boolean());
  EXPECT_TRUE(answer["payload"]["aborted"].boolean());
  EXPECT_EQ(answer["payload"]["runIds"].dump(), R"(["run-1"])");
  const Json end = client->find(ends_chat);
  EXPECT_EQ(end["payload"]["state"].text(), "aborted");
  EXPECT_EQ(end["payload"]["stopReason"].text(), "rpc");
  EXPECT_EQ(text_of(end["payload"]["message"]), "tick");
  EXPECT_TRUE(mock.wait_for_broken_off(1)) << "the call to the model goes on";
  const Json history = client->call("chat.history", one_member("sessionKey", key));
  EXPECT_EQ(conversation(history), (std::vector<std::string>{"user: hello", "assistant: tick"}));
}

TEST_F(Abort, WithoutARunIdStopsAllOfTheSession) {
  client->call("chat.send", message(key, "run-2"));
  const Json answer = client->call("chat.abort", one_member("sessionKey", key));
  EXPECT_TRUE(answer["payload"]["aborted"].boolean());
  EXPECT_EQ(answer["payload"]["runIds"].size(), 2u) << "also the one that waits";
  EXPECT_TRUE(client->find(ends_chat));
  EXPECT_TRUE(client->find(ends_chat));
  EXPECT_EQ(mock.requests().size(), 1u);
}

TEST_F(Abort, LeavesOtherSessionsAlone) {
  const Json answer = client->call("chat.abort", R"({"sessionKey":"agent:gated:other"})");
  EXPECT_TRUE(answer["ok"].boolean());
  EXPECT_FALSE(answer["payload"]["aborted"].boolean(true));
  EXPECT_EQ(answer["payload"]["runIds"].size(), 0u);
  mock.open_gate();
  EXPECT_EQ(client->find(ends_chat)["payload"]["state"].text(), "final");
}

TEST_F(Abort, OfARunThatHasEndedDoesNothing) {
  mock.open_gate();
  client->find(ends_chat);
  const Json answer = client->call("chat.abort", one_member("sessionKey", key));
  EXPECT_FALSE(answer["payload"]["aborted"].boolean(true));
}

TEST_F(Abort, IsWhatAWaiterLearns) {
  auto waiter = gateway.client();
  const std::string id = waiter.send_request("agent.wait", R"({"runId":"run-1"})");
  waiter.call("health");
  client->call("chat.abort", one_member("sessionKey", key));
  const Json answer = waiter.answer(id);
  EXPECT_TRUE(answer["ok"].boolean());
  EXPECT_NE(answer["payload"]["status"].text(), "ok");
}

TEST_F(Abort, TheSessionTakesTheNextMessage) {
  client->call("chat.abort", one_member("sessionKey", key));
  client->find(ends_chat);
  client->call("chat.send", message(key, "run-3", "again"));
  mock.open_gate();
  EXPECT_EQ(client->find(ends_chat)["payload"]["state"].text(), "final");
}

}  // namespace
}  // namespace omenia::test
