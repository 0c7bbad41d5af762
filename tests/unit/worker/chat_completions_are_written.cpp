// /v1/chat/completions as it goes over the wire: the whole answer, the stream of chunks, and failures of both.
#include "tests/unit/worker/worker_fixture.h"

namespace omenia::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Completions : public HttpTest {
 protected:
  std::string chat(const std::string& more = {}, const std::string& content = "one two") {
    return exchange("POST", "/v1/chat/completions",
                    R"({"messages":[{"role":"user","content":")" + content + "\"}]" + more + "}");
  }
};

TEST_F(Completions, AnswerWhole) {
  start_serving();
  const std::string answer = chat(R"(,"model":"omeniaclaw/MAIN")");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  const Json body = parsed(body_of(answer));
  EXPECT_THAT(std::string(body["id"].text()), StartsWith("chatcmpl_"));
  EXPECT_EQ(body["object"].text(), "chat.completion");
  EXPECT_EQ(body["model"].text(), "omeniaclaw/MAIN");
  EXPECT_GT(body["created"].integer(), 1'700'000'000);
  ASSERT_EQ(body["choices"].size(), 1u);
  const JsonView choice = body["choices"].at(0);
  EXPECT_THAT(std::string(choice["message"]["content"].text()), StartsWith("You said: one two"));
  EXPECT_EQ(choice["message"]["role"].text(), "assistant");
  EXPECT_EQ(choice["finish_reason"].text(), "stop");
  const JsonView usage = body["usage"];
  EXPECT_EQ(usage["total_tokens"].integer(), usage["prompt_tokens"].integer() + usage["completion_tokens"].integer());
  EXPECT_FALSE(usage["prompt_tokens_details"]);
}

TEST_F(Completions, StreamInTheOrderThatClientsExpect) {
  start_serving();
  const std::string answer = chat(R"(,"stream":true,"stream_options":{"include_usage":true})");
  EXPECT_THAT(answer, HasSubstr("text/event-stream; charset=utf-8"));
  EXPECT_THAT(body_of(answer), EndsWith("data: [DONE]\n\n"));
  const auto chunks = data_of(answer);
  ASSERT_GE(chunks.size(), 4u);
  EXPECT_EQ(chunks.front()["choices"].at(0)["delta"].dump(), R"({"role":"assistant"})");
  EXPECT_TRUE(chunks.front()["choices"].at(0)["finish_reason"].is_null());
  std::string text;
  for (std::size_t i = 1; i + 2 < chunks.size(); ++i) {
    EXPECT_TRUE(chunks[i]["choices"].at(0)["finish_reason"].is_null());
    EXPECT_FALSE(chunks[i]["usage"]);
    text += chunks[i]["choices"].at(0)["delta"]["content"].text();
  }
  EXPECT_THAT(text, StartsWith("You said: one two"));
  const Json& last = chunks[chunks.size() - 2];
  EXPECT_EQ(last["choices"].at(0)["finish_reason"].text(), "stop");
  EXPECT_EQ(last["choices"].at(0)["delta"].dump(), "{}");
  EXPECT_EQ(chunks.back()["choices"].size(), 0u);
  EXPECT_GT(chunks.back()["usage"]["total_tokens"].integer(), 0);
  for (const Json& chunk : chunks) {
    EXPECT_EQ(chunk["id"].dump(), chunks.front()["id"].dump());
    EXPECT_EQ(chunk["object"].text(), "chat.completion.chunk");
    EXPECT_EQ(chunk["model"].text(), "OmeniaClaw");
  }
}

TEST_F(Completions, StreamWithoutUsageUnlessAsked) {
  start_serving();
  for (const Json& chunk : data_of(chat(R"(,"stream":true)"))) {
    EXPECT_FALSE(chunk["usage"]);
    EXPECT_EQ(chunk["choices"].size(), 1u);
  }
}

TEST_F(Completions, SayThatTheLengthEndedThem) {
  start_serving();
  EXPECT_EQ(parsed(body_of(chat(R"(,"max_tokens":1)")))["choices"].at(0)["finish_reason"].text(), "length");
  const auto chunks = data_of(chat(R"(,"stream":true,"max_tokens":1)"));
  EXPECT_EQ(chunks.back()["choices"].at(0)["finish_reason"].text(), "length");
}

TEST_F(Completions, CarryAnyText) {
  start_serving();
  const std::string text = R"(\"quoted\" \\ \n\n data: [DONE]\n\n 日本 🎉 \u0001)";
  const std::string expected = std::string(parsed("\"" + text + "\"").view().text());
  for (const char* more : {"", R"(,"stream":true)"}) {
    const std::string answer = chat(more, text);
    std::string said;
    if (*more == '\0') {
      said = parsed(body_of(answer))["choices"].at(0)["message"]["content"].text();
    } else {
      for (const Json& chunk : data_of(answer)) said += chunk["choices"].at(0)["delta"]["content"].text();
    }
    EXPECT_THAT(said, HasSubstr(expected));
  }
}

TEST_F(Completions, RefuseBeforeTheStreamBegins) {
  start_serving();
  for (const char* more : {R"(,"stream":true,"temperature":9)", R"(,"stream":true,"model":"gpt-4o")"}) {
    const std::string answer = chat(more);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400"));
    EXPECT_EQ(parsed(body_of(answer))["error"]["type"].text(), "invalid_request_error");
  }
}

// Nothing listens on the provider's port.
TEST_F(Completions, FailWithTheReasonInBothForms) {
  start_serving(
      R"({models: {providers: {mock: {baseUrl: "http://127.0.0.1:1/v1", apiKey: "k3y", models: [{id: "m-1"}]}}}})");
  const std::string whole = chat();
  EXPECT_THAT(whole, StartsWith("HTTP/1.1 502"));
  EXPECT_EQ(parsed(body_of(whole))["error"]["message"].text(), "upstream provider error: it cannot be reached");
  EXPECT_THAT(whole, Not(HasSubstr("k3y")));
  const std::string streamed = chat(R"(,"stream":true)");
  EXPECT_THAT(streamed, StartsWith("HTTP/1.1 200"));
  const auto events = data_of(streamed);
  EXPECT_EQ(events.back()["error"]["type"].text(), "api_error");
  EXPECT_THAT(body_of(streamed), EndsWith("data: [DONE]\n\n"));
  EXPECT_THAT(body_of(streamed), Not(HasSubstr("\"stop\"")));
}

TEST_F(Completions, AreSeparateSessionsUnlessAUserIsNamed) {
  start_serving();
  EXPECT_THAT(body_of(chat(R"(,"user":"bob")")), HasSubstr("builtin/echo"));  // The first answer introduces itself.
  EXPECT_EQ(parsed(body_of(chat(R"(,"user":"bob")")))["choices"].at(0)["message"]["content"].text(),
            "You said: one two");
  EXPECT_THAT(body_of(chat()), HasSubstr("builtin/echo"));
}

TEST_F(Completions, ModelsAreTheAgents) {
  start_serving(R"({agents: {entries: {main: {}, helper: {}}}})");
  const Json list = parsed(body_of(exchange("GET", "/v1/models", "")));
  std::vector<std::string> ids;
  for (JsonView model = list["data"].first(); model; model = model.next()) ids.emplace_back(model["id"].text());
  EXPECT_THAT(ids, testing::ElementsAre("OmeniaClaw", "OmeniaClaw/default", "OmeniaClaw/main", "OmeniaClaw/helper"));
  EXPECT_THAT(exchange("GET", "/v1/models/OmeniaClaw%2Fhelper", ""), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(exchange("GET", "/v1/models/OmeniaClaw/nobody", ""), StartsWith("HTTP/1.1 404"));
  for (const char* bad : {"gpt-4o", "%zz", "%00", ""})
    EXPECT_THAT(exchange("GET", "/v1/models/" + std::string(bad), ""), StartsWith("HTTP/1.1 40")) << bad;
}

TEST_F(Completions, EmbeddingsAreChecked) {
  start_serving();
  const auto answer = [this](const std::string& members) {
    return exchange("POST", "/v1/embeddings", R"({"model":"OmeniaClaw")" + members + "}");
  };
  const Json two = parsed(body_of(answer(R"(,"input":["a","b"],"dimensions":4)")));
  ASSERT_EQ(two["data"].size(), 2u);
  EXPECT_EQ(two["data"].at(1)["index"].integer(), 1);
  EXPECT_EQ(two["data"].at(0)["embedding"].size(), 4u);
  EXPECT_EQ(parsed(body_of(answer(R"(,"input":"a","dimensions":3,"encoding_format":"base64")")))["data"]
                .at(0)["embedding"]
                .text()
                .size(),
            16u);
  for (const char* wrong :
       {"", R"(,"input":"")", R"(,"input":[])", R"(,"input":[""])", R"(,"input":[1,2])", R"(,"input":{"a":1})",
        R"(,"input":null)", R"(,"input":"a","dimensions":0)", R"(,"input":"a","dimensions":-1)",
        R"(,"input":"a","dimensions":8193)", R"(,"input":"a","dimensions":1.5)", R"(,"input":"a","dimensions":"4")",
        R"(,"input":"a","encoding_format":"hex")", R"(,"input":"a","encoding_format":7)"})
    EXPECT_THAT(answer(wrong), StartsWith("HTTP/1.1 400")) << wrong;
  EXPECT_THAT(answer(R"(,"input":")" + std::string(8193, 'x') + "\""), StartsWith("HTTP/1.1 400"));
}

}  // namespace
}  // namespace omenia::test
