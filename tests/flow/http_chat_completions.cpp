// /v1/chat/completions: plain and streamed, what reaches the model, and what is refused.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* path = "/v1/chat/completions";

class Completions : public Flow {
 protected:
  HttpAnswer ask(const std::string& body, const std::string& headers = {}) { return gateway.post(path, body, headers); }
  std::vector<Json> stream(const std::string& body) {
    HttpClient client(gateway.port());
    client.send(HttpRequest{.method = "POST", .target = path, .token = gateway.token(), .body = body}.text());
    head = client.read_head();
    std::vector<Json> chunks;
    for (auto event = client.read_event(); event; event = client.read_event()) {
      done = *event == "[DONE]";
      if (!done) chunks.push_back(Json::parse(*event).value());
    }
    return chunks;
  }
  std::string refusal(const std::string& body, const std::string& headers = {}) {
    const HttpAnswer answer = ask(body, headers);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.json()["error"]["type"].text(), "invalid_request_error");
    EXPECT_TRUE(mock.requests().empty());
    return std::string(answer.json()["error"]["message"].text());
  }
  HttpAnswer head;
  bool done = false;
};

TEST_F(Completions, APlainAnswerHasTheShapeSdksRead) {
  const HttpAnswer answer = ask(chat_body("OmeniaClaw/default", "hi there"));
  const Json body = answer.json();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_THAT(std::string(body["id"].text()), StartsWith("chatcmpl_"));
  EXPECT_EQ(body["object"].text(), "chat.completion");
  EXPECT_TRUE(body["created"].is_integer());
  EXPECT_EQ(body["model"].text(), "OmeniaClaw/default");
  const JsonView choice = body["choices"].at(0);
  EXPECT_EQ(choice["index"].integer(-1), 0);
  EXPECT_EQ(choice["message"]["role"].text(), "assistant");
  EXPECT_EQ(choice["message"]["content"].text(), "Hello from the mock model.");
  EXPECT_EQ(choice["finish_reason"].text(), "stop");
  EXPECT_EQ(body["usage"]["prompt_tokens"].integer(), 10);
  EXPECT_EQ(body["usage"]["completion_tokens"].integer(), 5);
  EXPECT_EQ(body["usage"]["total_tokens"].integer(), 15);
}

TEST_F(Completions, AStreamGoesFromRoleToDone) {
  const auto chunks = stream(chat_body("OmeniaClaw", "hi", R"(,"stream":true)"));
  EXPECT_EQ(head.header("Content-Type"), "text/event-stream; charset=utf-8");
  ASSERT_GE(chunks.size(), 3u);
  EXPECT_EQ(chunks.front()["choices"].at(0)["delta"].dump(), R"({"role":"assistant"})");
  EXPECT_EQ(chunks.back()["choices"].at(0)["finish_reason"].text(), "stop");
  std::string text;
  for (const auto& chunk : chunks) {
    EXPECT_EQ(chunk["id"].text(), chunks.front()["id"].text());
    EXPECT_EQ(chunk["object"].text(), "chat.completion.chunk");
    EXPECT_FALSE(chunk["usage"]);
    text += chunk["choices"].at(0)["delta"]["content"].text();
  }
  EXPECT_EQ(text, "Hello from the mock model.");
  EXPECT_TRUE(done);
}

TEST_F(Completions, AStreamCarriesUsageWhenAskedTo) {
  const auto chunks =
      stream(chat_body("OmeniaClaw", "hi", R"(,"stream":true,"stream_options":{"include_usage":true})"));
  ASSERT_FALSE(chunks.empty());
  EXPECT_EQ(chunks.back()["choices"].size(), 0u);
  EXPECT_EQ(chunks.back()["usage"]["total_tokens"].integer(), 15);
}

TEST_F(Completions, WordsArriveBeforeTheAnswerIsComplete) {
  HttpClient client(gateway.port());
  const std::string body = chat_body("OmeniaClaw/gated", "hi", R"(,"stream":true)");
  client.send(HttpRequest{.method = "POST", .target = path, .token = gateway.token(), .body = body}.text());
  ASSERT_EQ(client.read_head().status, 200);
  ASSERT_TRUE(client.read_event()) << "the role comes before the model has said anything";
  mock.release(2);
  const auto first = client.read_event();
  ASSERT_TRUE(first);
  EXPECT_THAT(*first, HasSubstr("tick"));
  mock.open_gate();
  EXPECT_EQ(client.read_text_deltas(), " tick tick tick tick tick tick tick");
}

TEST_F(Completions, ATruncatedAnswerSaysLength) {
  EXPECT_EQ(ask(chat_body("OmeniaClaw/length", "hi")).json()["choices"].at(0)["finish_reason"].text(), "length");
}

TEST_F(Completions, SamplingReachesTheModel) {
  ask(chat_body("OmeniaClaw", "hi",
                R"(,"temperature":0.5,"top_p":0.25,"seed":7,"stop":["END"],"max_tokens":99,"presence_penalty":1)"));
  ASSERT_EQ(mock.requests().size(), 1u);
  const auto sent = Json::parse(mock.requests()[0].body);
  ASSERT_TRUE(sent.ok());
  EXPECT_EQ(sent.value()["temperature"].number(), 0.5);
  EXPECT_EQ(sent.value()["top_p"].number(), 0.25);
  EXPECT_EQ(sent.value()["seed"].integer(), 7);
  EXPECT_THAT(mock.requests()[0].body, AllOf(HasSubstr("END"), HasSubstr("99")));
  EXPECT_EQ(sent.value()["presence_penalty"].number(), 1);
}

TEST_F(Completions, SystemAndEarlierMessagesReachTheModel) {
  ask(R"({"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"first q"},)"
      R"({"role":"assistant","content":"first a"},{"role":"user","content":[{"type":"text","text":"part one"},)"
      R"({"type":"text","text":"part two"}]}]})");
  ASSERT_EQ(mock.requests().size(), 1u);
  EXPECT_THAT(mock.requests()[0].body, AllOf(HasSubstr("be brief"), HasSubstr("first q"), HasSubstr("first a"),
                                             HasSubstr("part one\\npart two")));
}

TEST_F(Completions, TheUserFieldKeepsAConversation) {
  ask(chat_body("OmeniaClaw", "remember me", R"(,"user":"Conv:ABC")"));
  ask(chat_body("OmeniaClaw", "who am I", R"(,"user":"Conv:ABC")"));
  ASSERT_EQ(mock.requests().size(), 2u);
  EXPECT_THAT(mock.requests()[1].body, HasSubstr("remember me"));
  const Json history = gateway.client().call("chat.history", R"({"sessionKey":"agent:main:openai-user:conv:abc"})");
  EXPECT_EQ(conversation(history).size(), 4u);
}

TEST_F(Completions, WithoutAUserEveryRequestIsAlone) {
  ask(chat_body("OmeniaClaw", "remember me"));
  ask(chat_body("OmeniaClaw", "who am I"));
  ASSERT_EQ(mock.requests().size(), 2u);
  EXPECT_EQ(mock.requests()[1].body.find("remember me"), std::string::npos);
}

TEST_F(Completions, AHeaderChoosesTheModel) {
  const HttpAnswer answer = ask(chat_body("OmeniaClaw", "repeat after me"), "X-OMENIACLAW-MODEL: mock/mock-echo\r\n");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json()["choices"].at(0)["message"]["content"].text(), "repeat after me");
  EXPECT_EQ(answer.json()["model"].text(), "OmeniaClaw");
}

TEST_F(Completions, AHeaderChoosesTheAgentBeforeTheModelField) {
  const HttpAnswer answer = ask(chat_body("OmeniaClaw/main", "echo me"), "x-OmeniaClaw-agent-id: echo\r\n");
  EXPECT_EQ(answer.json()["choices"].at(0)["message"]["content"].text(), "echo me");
}

TEST_F(Completions, BadRequestsAreNamed) {
  EXPECT_FALSE(refusal("{bad").empty());
  EXPECT_FALSE(refusal("[]").empty());
  EXPECT_THAT(refusal(R"({"messages":"hi"})"), HasSubstr("messages"));
  EXPECT_EQ(refusal(R"({"messages":[]})"), "Missing user message in `messages`.");
  EXPECT_EQ(refusal(""), "Missing user message in `messages`.");
  EXPECT_EQ(refusal(R"({"messages":[{"role":"assistant","content":"hi"}]})"), "Missing user message in `messages`.");
  EXPECT_THAT(refusal(chat_body("gpt-4o", "hi")), HasSubstr("Invalid `model`"));
  EXPECT_THAT(refusal(chat_body("OmeniaClaw/nobody", "hi")), HasSubstr("nobody"));
  EXPECT_THAT(refusal(chat_body("OmeniaClaw", "hi", R"(,"temperature":3)")), HasSubstr("temperature"));
  EXPECT_THAT(refusal(chat_body("OmeniaClaw", "hi", R"(,"stop":["1","2","3","4","5"])")), HasSubstr("stop"));
  EXPECT_THAT(refusal(chat_body("OmeniaClaw", "hi", R"(,"response_format":{"type":"xml"})")),
              HasSubstr("response_format"));
  EXPECT_FALSE(refusal(chat_body("OmeniaClaw", "hi"), "x-OmeniaClaw-session-key: cron:nightly\r\n").empty());
  EXPECT_FALSE(refusal(chat_body("OmeniaClaw", "hi"), "x-OmeniaClaw-model: nobody/nothing\r\n").empty());
}

TEST_F(Completions, UnknownFieldsAndOtherContentTypesAreFine) {
  EXPECT_EQ(ask(chat_body("OmeniaClaw", "hi", R"(,"n":2,"logprobs":true,"metadata":{"a":"b"})")).status, 200);
  HttpClient client(gateway.port());
  const std::string body = chat_body("OmeniaClaw", "hi");
  client.send("POST " + std::string(path) +
              " HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nAuthorization: Bearer " + gateway.token() +
              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_EQ(client.read().status, 200);
}

TEST_F(Completions, ManyAtOnceAreAllAnswered) {
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<HttpClient>(gateway.port()));
    const std::string body = chat_body("OmeniaClaw/echo", "number " + std::to_string(i));
    clients.back()->send(HttpRequest{.method = "POST", .target = path, .token = gateway.token(), .body = body}.text());
  }
  for (int i = 0; i < 50; ++i) {
    const HttpAnswer answer = clients[static_cast<std::size_t>(i)]->read();
    EXPECT_EQ(answer.json()["choices"].at(0)["message"]["content"].text(), "number " + std::to_string(i));
  }
}

TEST_F(FlowNotStarted, TheBuiltInModelAnswersWithoutAnyProvider) {
  gateway.instance().configure();
  ASSERT_TRUE(gateway.start());
  const HttpAnswer answer = gateway.post(path, chat_body("OmeniaClaw", "is anybody there"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(std::string(answer.json()["choices"].at(0)["message"]["content"].text()), HasSubstr("is anybody there"));
}

}  // namespace
}  // namespace omenia::test
