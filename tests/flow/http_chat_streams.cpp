// /v1/chat/completions over time: signs of life, clients that leave, limits, and what tells clients not to try again.
#include "tests/flow/openai_flow.h"

namespace omenia::test {
namespace {

constexpr const char* path = "/v1/chat/completions";
constexpr const char* streamed = R"(,"stream":true)";

class ChatOverTime : public FlowNotStarted {
 protected:
  void start(const std::string& more = {}, const std::string& gateway_more = {}) {
    gateway.instance().configure(mock.port(), more, gateway_more);
    ASSERT_TRUE(gateway.start());
  }
  std::string request_text(const std::string& agent, const std::string& more = {}) const {
    return HttpRequest{.method = "POST",
                       .target = path,
                       .token = gateway.token(),
                       .body = chat_body("OmeniaClaw/" + agent, "hi", more)}
        .text();
  }
  HttpAnswer ask(const std::string& agent, const std::string& more = {}) {
    return gateway.post(path, chat_body("OmeniaClaw/" + agent, "hi", more));
  }
};

TEST_F(ChatOverTime, AQuietStreamIsKeptOpenByComments) {
  start({}, R"(,"http":{"streamKeepAliveMs":20})");
  HttpClient client(gateway.port());
  client.send(request_text("gated", streamed));
  ASSERT_EQ(client.read_head().status, 200);
  ASSERT_TRUE(client.read_event());
  std::string bytes;
  const auto comments = [&] {
    std::size_t times = 0;
    for (std::size_t at = bytes.find(": keepalive\n\n"); at != std::string::npos;
         at = bytes.find(": keepalive", at + 1))
      ++times;
    return times;
  };
  while (comments() < 3 && client.socket().receive(bytes) == Received::data) continue;
  EXPECT_GE(comments(), 3u) << bytes;
  mock.open_gate();
  while (bytes.find("[DONE]") == std::string::npos && client.socket().receive(bytes) == Received::data) continue;
  EXPECT_THAT(bytes, HasSubstr("tick"));
}

TEST_F(ChatOverTime, AClientThatLeavesAStreamEndsTheCallToTheModel) {
  start();
  HttpClient client(gateway.port());
  client.send(request_text("slow", streamed));
  ASSERT_EQ(client.read_head().status, 200);
  ASSERT_TRUE(client.read_event());
  ASSERT_TRUE(client.read_event());
  client.socket().close();
  EXPECT_TRUE(mock.wait_for_broken_off(1));
}

TEST_F(ChatOverTime, AClientThatLeavesWithoutAnAnswerEndsTheCallToTheModel) {
  start();
  std::size_t left = 0;
  for (const char* agent : {"stall", "stall-mid", "slow"}) {
    HttpClient client(gateway.port());
    client.send(request_text(agent));
    ASSERT_TRUE(mock.wait_for_requests(++left));
    client.socket().close();
    EXPECT_TRUE(mock.wait_for_broken_off(left)) << agent;
  }
  HttpClient client(gateway.port());
  client.send(request_text("stall"));
  ASSERT_TRUE(mock.wait_for_requests(++left));
  client.socket().reset();
  EXPECT_TRUE(mock.wait_for_broken_off(left)) << "reset";
}

TEST_F(ChatOverTime, WhatAClientLeftIsStoppedInItsSession) {
  start();
  HttpClient client(gateway.port());
  client.send(request_text("slow", R"(,"stream":true,"user":"leaver")"));
  client.read_head();
  client.read_event();
  ASSERT_TRUE(client.read_event());
  client.socket().close();
  ASSERT_TRUE(mock.wait_for_broken_off(1));
  auto watcher = gateway.client();
  const std::string session = R"({"sessionKey":"agent:slow:openai-user:leaver"})";
  EXPECT_TRUE(eventually([&] { return conversation(watcher.call("chat.history", session)).size() == 2; }));
  const Json history = watcher.call("chat.history", session);
  EXPECT_EQ(history["payload"]["messages"].at(1)["stopReason"].text(), "aborted");
}

TEST_F(ChatOverTime, ARunThatTakesTooLongIsAGatewayTimeout) {
  gateway.instance().configure(mock.port());
  std::string config = read_file(gateway.instance().config_path());
  const std::string defaults = R"("defaults":{)";
  config.insert(config.find(defaults) + defaults.size(), R"("timeoutSeconds":1,)");
  gateway.instance().write_config(config);
  ASSERT_TRUE(gateway.start());
  const HttpAnswer answer = ask("stall");
  EXPECT_EQ(answer.status, 504) << answer.body;
  EXPECT_EQ(answer.json()["error"]["type"].text(), "api_error");
  EXPECT_EQ(answer.header("x-should-retry"), "false");
  const Events events = events_of(gateway, path, chat_body("OmeniaClaw/stall-mid", "hi", streamed));
  EXPECT_EQ(events.data.back()["error"]["type"].text(), "api_error");
  EXPECT_TRUE(events.done);
  EXPECT_TRUE(mock.wait_for_broken_off(2));
}

TEST_F(ChatOverTime, OnceARunHasBegunClientsAreToldNotToTryAgain) {
  start();
  for (const char* agent : {"401", "402", "404", "429", "500", "503", "html", "drop-mid"})
    EXPECT_EQ(ask(agent).header("x-should-retry"), "false") << agent;
  EXPECT_EQ(ask("429").header("Retry-After"), "1");
  EXPECT_EQ(ask("429", R"(,"temperature":9)").header("x-should-retry"), "") << "nothing was begun";
  EXPECT_EQ(ask("main").header("x-should-retry"), "");
}

TEST_F(ChatOverTime, WhereTheModelsServerIsAndWhatPageItShowsIsForTheLogAlone) {
  start();
  for (const char* agent : {"500", "html", "drop-mid"}) {
    const HttpAnswer answer = ask(agent);
    EXPECT_EQ(answer.json()["error"]["message"].text(), "upstream provider error") << agent;
    EXPECT_THAT(answer.body, Not(AnyOf(HasSubstr("127.0.0.1"), HasSubstr("<html")))) << agent;
  }
  const Events events = events_of(gateway, path, chat_body("OmeniaClaw/drop-mid", "hi", streamed));
  EXPECT_EQ(events.data.back()["error"]["message"].text(), "upstream provider error");
  EXPECT_TRUE(gateway.says("closed the connection in the middle of its answer"));
}

TEST_F(ChatOverTime, OfACutAnswerTheWholeFormSaysSo) {
  start();
  const Json whole = ask("length").json();
  EXPECT_EQ(whole["choices"].at(0)["finish_reason"].text(), "length");
  EXPECT_THAT(std::string(whole["choices"].at(0)["message"]["content"].text()),
              AllOf(StartsWith("Hello from the mock model."), HasSubstr("cut off")));
  const Json formatted = ask("length", R"(,"response_format":{"type":"json_object"})").json();
  EXPECT_EQ(formatted["choices"].at(0)["message"]["content"].text(), "Hello from the mock model.");
  const Events events = events_of(gateway, path, chat_body("OmeniaClaw/length", "hi", streamed));
  std::string text;
  for (const Json& chunk : events.data) text += chunk["choices"].at(0)["delta"]["content"].text();
  EXPECT_EQ(text, "Hello from the mock model.");
  EXPECT_EQ(events.data.back()["choices"].at(0)["finish_reason"].text(), "length");
}

TEST_F(ChatOverTime, UsageTellsWhatWasCachedAndWhatWasReasoning) {
  start();
  const Json usage = Json::copy(ask("usage").json()["usage"]);
  EXPECT_EQ(usage["prompt_tokens"].integer(), 14);
  EXPECT_EQ(usage["completion_tokens"].integer(), 5);
  EXPECT_EQ(usage["total_tokens"].integer(), 19);
  EXPECT_EQ(usage["prompt_tokens_details"]["cached_tokens"].integer(), 3);
  EXPECT_EQ(usage["completion_tokens_details"]["reasoning_tokens"].integer(), 2);
  const Json plain = Json::copy(ask("main").json()["usage"]);
  EXPECT_FALSE(plain["prompt_tokens_details"]);
  EXPECT_FALSE(plain["completion_tokens_details"]);
}

TEST_F(ChatOverTime, AModelThatSaysNothingIsAskedTwice) {
  start();
  EXPECT_EQ(ask("empty").json()["choices"].at(0)["message"]["content"].text(), "No response from OmeniaClaw.");
  EXPECT_EQ(mock.requests().size(), 2u);
  const Events events = events_of(gateway, path, chat_body("OmeniaClaw/empty", "hi", streamed));
  ASSERT_EQ(events.data.size(), 3u);
  EXPECT_EQ(events.data[1]["choices"].at(0)["delta"]["content"].text(), "No response from OmeniaClaw.");
}

}  // namespace
}  // namespace omenia::test
