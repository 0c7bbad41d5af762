// A model server that misbehaves: each way is told as its kind, on the socket and over HTTP, and the next request on
// the same connection works.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

struct Failure {
  std::string agent;  // Speaks to the mock's model of that name.
  int status;
  std::string type;
};

std::ostream& operator<<(std::ostream& out, const Failure& failure) {
  return out << failure.agent;
}

const Failure failures[] = {{"401", 401, "authentication_error"},
                            {"402", 402, "insufficient_quota"},
                            {"404", 404, "invalid_request_error"},
                            {"429", 429, "rate_limit_error"},
                            {"500", 502, "api_error"},
                            {"503", 503, "api_error"},
                            {"html", 502, "api_error"},
                            {"broken-sse", 502, "api_error"},
                            {"no-finish", 502, "api_error"},
                            {"drop-mid", 502, "api_error"},
                            {"error-in-stream", 502, "api_error"}};

std::string name_of(const testing::TestParamInfo<Failure>& info) {
  std::string name = info.param.agent;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class ModelFailure : public Flow, public testing::WithParamInterface<Failure> {
 protected:
  std::string agent() const { return GetParam().agent; }
};

TEST_P(ModelFailure, IsTypedOnTheSocket) {
  auto client = gateway.client();
  const std::string id = client.send_request("agent", message("agent:" + agent() + ":main", "run"));
  EXPECT_EQ(client.answer(id)["payload"]["status"].text(), "accepted");
  const Json final = client.answer(id);
  EXPECT_FALSE(final["ok"].boolean(true)) << final.dump();
  EXPECT_EQ(final["payload"]["status"].text(), "error");
  EXPECT_EQ(error_code(final), "UNAVAILABLE");
  EXPECT_FALSE(error_message(final).empty());
  const Json next = client.call("agent", message("agent:main:main", "next"));
  EXPECT_EQ(next["payload"]["status"].text(), "accepted");
  EXPECT_TRUE(client.find([](JsonView frame) { return frame["payload"]["status"].text() == "ok"; }));
}

TEST_P(ModelFailure, IsTypedOverHttp) {
  HttpClient client(gateway.port());
  const HttpAnswer answer = client.ask({.method = "POST",
                                        .target = "/v1/chat/completions",
                                        .token = gateway.token(),
                                        .body = chat_body("OmeniaClaw/" + agent(), "hi")});
  EXPECT_EQ(answer.status, GetParam().status) << answer.body;
  EXPECT_EQ(answer.json()["error"]["type"].text(), GetParam().type) << answer.body;
  const HttpAnswer next = client.ask({.method = "POST",
                                      .target = "/v1/chat/completions",
                                      .token = gateway.token(),
                                      .body = chat_body("OmeniaClaw/main", "hi")});
  EXPECT_EQ(next.status, 200) << "the connection is usable after a failure";
}

TEST_P(ModelFailure, EndsAStreamWithAnErrorEvent) {
  HttpClient client(gateway.port());
  client.send(HttpRequest{.method = "POST",
                          .target = "/v1/chat/completions",
                          .token = gateway.token(),
                          .body = chat_body("OmeniaClaw/" + agent(), "hi", R"(,"stream":true)")}
                  .text());
  ASSERT_EQ(client.read_head().status, 200);
  std::vector<std::string> events;
  while (auto event = client.read_event()) events.push_back(*event);
  ASSERT_GE(events.size(), 2u);
  EXPECT_EQ(events.back(), "[DONE]");
  const auto failure = Json::parse(events[events.size() - 2]);
  ASSERT_TRUE(failure.ok());
  EXPECT_EQ(failure.value()["error"]["type"].text(), GetParam().type);
}

INSTANTIATE_TEST_SUITE_P(Upstream, ModelFailure, testing::ValuesIn(failures), name_of);

TEST_F(Flow, AnAnswerThatStopsInTheMiddleKeepsItsText) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:drop-mid:main", "run"));
  EXPECT_EQ(client.find(ends_chat)["payload"]["state"].text(), "error");
  const Json history = client.call("chat.history", R"({"sessionKey":"agent:drop-mid:main"})");
  EXPECT_EQ(conversation(history).at(0), "user: hello");
}

TEST_F(Flow, AFailureBeforeTheFirstWordIsTriedAgainOnce) {
  auto client = gateway.client();
  const std::string id = client.send_request("agent", message("agent:500:main", "run"));
  client.answer(id), client.answer(id);
  EXPECT_EQ(mock.requests().size(), 2u);
}

TEST_F(Flow, ARefusedKeyIsNotTriedAgain) {
  auto client = gateway.client();
  const std::string id = client.send_request("agent", message("agent:401:main", "run"));
  client.answer(id), client.answer(id);
  EXPECT_EQ(mock.requests().size(), 1u);
}

TEST_F(Flow, AModelThatNeverAnswersCanBeAborted) {
  for (const char* agent : {"stall", "stall-mid"}) {
    auto client = gateway.client();
    const std::string key = std::string("agent:") + agent + ":main";
    client.call("chat.send", message(key, agent));
    ASSERT_TRUE(mock.wait_for_requests(1));
    EXPECT_TRUE(client.call("chat.abort", one_member("sessionKey", key))["payload"]["aborted"].boolean());
    EXPECT_EQ(client.find(ends_chat)["payload"]["state"].text(), "aborted");
  }
}

TEST_F(Flow, ARunsOwnTimeLimitEndsAModelThatStalls) {
  auto client = gateway.client();
  JsonWriter params;
  params.begin_object().member("sessionKey", "agent:stall:main").member("message", "hi").member("timeout", 1);
  params.member("idempotencyKey", "limited").end_object();
  const std::string id = client.send_request("agent", params.text());
  client.answer(id);
  const Json end = client.answer(id);
  EXPECT_EQ(end["payload"]["status"].text(), "timeout") << end.dump();
  const Json waited = client.call("agent.wait", R"({"runId":"limited","timeoutMs":5000})");
  EXPECT_EQ(waited["payload"]["status"].text(), "timeout");
  EXPECT_TRUE(waited["payload"]["endedAt"].is_number()) << "the run ended, not the wait: " << waited.dump();
}

TEST_F(FlowNotStarted, AModelServerThatIsNotThereIsNamedInTheLog) {
  const PortLease nobody;
  gateway.instance().configure(nobody.port());
  ASSERT_TRUE(gateway.start());
  const HttpAnswer answer = gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi"));
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(answer.json()["error"]["type"].text(), "api_error");
  EXPECT_EQ(answer.json()["error"]["message"].text(), "upstream provider error: it cannot be reached");
  EXPECT_TRUE(gateway.says("failed: provider 'mock', model 'mock-1': connection refused by 127.0.0.1:" +
                           std::to_string(nobody.port())));
}

TEST_F(Flow, AModelThatSaysNothingGivesAPlaceholder) {
  const HttpAnswer answer = gateway.post("/v1/chat/completions", chat_body("OmeniaClaw/empty", "hi"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.json()["choices"].at(0)["message"]["content"].text().empty());
}

}  // namespace
}  // namespace omenia::test
