// chat.send, its events in order, chat.history, the session list and subscriptions.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* key = "agent:main:chat";

class Chat : public Flow {
 protected:
  void SetUp() override {
    Flow::SetUp();
    client = std::make_unique<WsClient>(gateway.client());
  }
  Json talk(std::string_view run, std::string_view text = "hello", std::string_view session = key) {
    client->call("chat.send", message(session, run, text));
    return client->find(ends_chat);
  }
  Json history(const std::string& more = {}) {
    return client->call("chat.history", std::string("{\"sessionKey\":\"") + key + "\"" + more + "}");
  }
  std::unique_ptr<WsClient> client;
};

TEST_F(Chat, SendIsAcknowledgedAsStarted) {
  const Json answer = client->call("chat.send", message(key, "run-1"));
  EXPECT_TRUE(answer["ok"].boolean());
  EXPECT_EQ(answer["payload"]["runId"].text(), "run-1");
  EXPECT_EQ(answer["payload"]["status"].text(), "started");
}

TEST_F(Chat, DeltasBuildTheTextThatTheFinalEventHas) {
  client->send_request("chat.send", message(key, "run-2"));
  std::string text;
  const auto frames = client->until(ends_chat);
  for (const auto& frame : frames) {
    if (!is_chat(frame, "delta")) continue;
    EXPECT_EQ(frame["payload"]["runId"].text(), "run-2");
    EXPECT_EQ(frame["payload"]["sessionKey"].text(), key);
    text = frame["payload"]["replace"].boolean() ? "" : text;
    text += frame["payload"]["deltaText"].text();
    EXPECT_EQ(text_of(frame["payload"]["message"]), text) << "the message repeats the whole text so far";
  }
  const JsonView final = frames.back()["payload"];
  EXPECT_EQ(final["state"].text(), "final");
  EXPECT_EQ(final["stopReason"].text(), "stop");
  EXPECT_EQ(final["message"]["role"].text(), "assistant");
  EXPECT_EQ(text_of(final["message"]), "Hello from the mock model.");
  EXPECT_EQ(text, "Hello from the mock model.");
}

TEST_F(Chat, SeqOfTheRunNeverGoesBack) {
  client->send_request("chat.send", message(key, "run-3"));
  std::int64_t seq = 0;
  for (const auto& frame : client->until(ends_chat)) {
    if (!is_event(frame, "chat")) continue;
    EXPECT_GE(frame["payload"]["seq"].integer(), seq) << frame.dump();
    seq = frame["payload"]["seq"].integer();
  }
  EXPECT_GT(seq, 0);
}

TEST_F(Chat, ARepeatTellsWhereTheRunIs) {
  const std::string params = message("agent:gated:chat", "run-4");
  client->call("chat.send", params);
  EXPECT_EQ(client->call("chat.send", params)["payload"]["status"].text(), "in_flight");
  mock.open_gate();
  client->find(ends_chat);
  EXPECT_EQ(client->call("chat.send", params)["payload"]["status"].text(), "ok");
  EXPECT_EQ(mock.requests().size(), 1u);
}

TEST_F(Chat, HistoryHasTheConversationInOrder) {
  talk("run-5", "first");
  talk("run-6", "second");
  const Json answer = history();
  EXPECT_EQ(conversation(answer), (std::vector<std::string>{"user: first", "assistant: Hello from the mock model.",
                                                            "user: second", "assistant: Hello from the mock model."}));
  const JsonView payload = answer["payload"];
  EXPECT_EQ(payload["sessionKey"].text(), key);
  EXPECT_FALSE(payload["sessionId"].text().empty());
  EXPECT_FALSE(payload["hasMore"].boolean(true));
  EXPECT_EQ(payload["totalMessages"].integer(), 4);
  EXPECT_EQ(payload["sessionInfo"]["key"].text(), key);
  const JsonView reply = payload["messages"].at(1);
  EXPECT_EQ(reply["provider"].text(), "mock");
  EXPECT_EQ(reply["model"].text(), "mock-1");
  EXPECT_EQ(reply["stopReason"].text(), "stop");
  EXPECT_EQ(reply["usage"]["input"].integer(), 10);
  EXPECT_EQ(reply["usage"]["output"].integer(), 5);
  EXPECT_EQ(payload["messages"].at(0)["__openclaw"]["seq"].integer(), 1);
}

TEST_F(Chat, HistoryGivesTheNewestMessagesOfALimit) {
  talk("run-7", "first");
  talk("run-8", "second");
  const Json answer = history(",\"limit\":2");
  EXPECT_EQ(conversation(answer), (std::vector<std::string>{"user: second", "assistant: Hello from the mock model."}));
  EXPECT_TRUE(answer["payload"]["hasMore"].boolean());
}

TEST_F(Chat, HistoryOfAnUnknownSessionIsEmpty) {
  const Json answer = client->call("chat.history", R"({"sessionKey":"agent:main:unknown"})");
  EXPECT_TRUE(answer["ok"].boolean());
  EXPECT_EQ(answer["payload"]["messages"].size(), 0u);
}

TEST_F(Chat, TextIsStoredAsItWasSent) {
  const std::string text = "Grüße, 世界 🌍 \"quoted\" \\ back\nnew line\ttab";
  talk("run-9", text);
  EXPECT_EQ(conversation(history()).at(0), "user: " + text);
}

TEST_F(Chat, TheSessionListShowsTheNewestFirst) {
  talk("run-10", "a", "agent:main:a");
  talk("run-11", "b", "agent:main:b");
  const Json answer = client->call("sessions.list");
  EXPECT_EQ(answer["payload"]["count"].integer(), 2);
  EXPECT_EQ(answer["payload"]["sessions"].at(0)["key"].text(), "agent:main:b");
  EXPECT_EQ(answer["payload"]["sessions"].at(1)["key"].text(), "agent:main:a");
  const Json page = client->call("sessions.list", R"({"limit":1})");
  EXPECT_EQ(page["payload"]["sessions"].size(), 1u);
  EXPECT_TRUE(page["payload"]["hasMore"].boolean());
}

TEST_F(Chat, SubscribersOfASessionGetItsMessages) {
  auto watcher = gateway.client();
  const Json subscribed = watcher.call("sessions.messages.subscribe", one_member("key", key));
  EXPECT_TRUE(subscribed["payload"]["subscribed"].boolean());
  EXPECT_EQ(subscribed["payload"]["key"].text(), key);
  talk("run-12");
  const Json question = watcher.event("session.message");
  EXPECT_EQ(question["payload"]["sessionKey"].text(), key);
  EXPECT_EQ(question["payload"]["message"]["role"].text(), "user");
  EXPECT_EQ(watcher.event("session.message")["payload"]["message"]["role"].text(), "assistant");
}

TEST_F(Chat, SubscribersOfTheListGetChanges) {
  auto watcher = gateway.client();
  EXPECT_TRUE(watcher.call("sessions.subscribe")["payload"]["subscribed"].boolean());
  talk("run-13");
  EXPECT_EQ(watcher.event("sessions.changed")["payload"]["sessionKey"].text(), key);
}

TEST_F(Chat, OthersGetNeither) {
  auto other = gateway.client();
  talk("run-14");
  const std::string id = other.send_request("health");
  for (const auto& frame : other.until([&](JsonView item) { return item["id"].text() == id; })) {
    EXPECT_FALSE(is_event(frame, "session.message") || is_event(frame, "sessions.changed")) << frame.dump();
  }
}

TEST_F(Chat, AFailureIsAnErrorEventWithItsDetail) {
  client->call("chat.send", message("agent:401:chat", "run-15"));
  const Json end = client->find(ends_chat);
  EXPECT_EQ(end["payload"]["state"].text(), "error");
  EXPECT_FALSE(end["payload"]["errorMessage"].text().empty());
  EXPECT_EQ(end["payload"]["errorDetail"]["provider"].text(), "mock");
  EXPECT_EQ(end["payload"]["errorDetail"]["model"].text(), "mock-401");
}

TEST_F(Chat, ALongAnswerArrivesWhole) {
  client->call("chat.send", message("agent:long:chat", "run-16"));
  const Json end = client->find(ends_chat);
  EXPECT_EQ(end["payload"]["state"].text(), "final");
  EXPECT_EQ(text_of(end["payload"]["message"]).size(), 20'000u * 5 - 1);
}

}  // namespace
}  // namespace omenia::test
