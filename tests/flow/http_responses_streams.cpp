// /v1/responses as a stream: every event in its order and with its number.
#include <algorithm>

#include "tests/flow/openai_flow.h"

namespace omenia::test {
namespace {

using testing::Each;
using testing::ElementsAre;

constexpr const char* path = "/v1/responses";
constexpr const char* weather = R"(,"tools":[{"type":"function","name":"get_weather"}])";

std::string streaming(const std::string& agent, const std::string& text, const std::string& more = {}) {
  return R"({"model":"OmeniaClaw/)" + agent + R"(","input":")" + text + R"(","stream":true)" + more + "}";
}

class ResponseStreams : public Flow {
 protected:
  std::vector<std::string> types(const std::string& body) {
    events = events_of(gateway, path, body);
    EXPECT_EQ(events.head.status, 200);
    EXPECT_EQ(events.head.header("Content-Type"), "text/event-stream; charset=utf-8");
    EXPECT_TRUE(events.done);
    std::vector<std::string> names;
    std::int64_t number = 0;
    for (const Json& event : events.data) {
      EXPECT_EQ(event["sequence_number"].integer(-1), number++);
      names.emplace_back(event["type"].text());
    }
    return names;
  }
  // The same without how many pieces a text came in.
  std::vector<std::string> steps(const std::string& body) {
    std::vector<std::string> names = types(body);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  }
  const Json& last() const { return events.data.back(); }
  const Json& nth(const std::string& type, std::size_t number = 0) const {
    for (const Json& event : events.data)
      if (event["type"].text() == type && number-- == 0) return event;
    ADD_FAILURE() << "no " << type;
    return events.data.front();
  }
  Events events;
};

TEST_F(ResponseStreams, GoFromCreatedToCompleted) {
  EXPECT_THAT(steps(streaming("main", "hi")),
              ElementsAre("response.created", "response.in_progress", "response.output_item.added",
                          "response.content_part.added", "response.output_text.delta", "response.output_text.done",
                          "response.content_part.done", "response.output_item.done", "response.completed"));
  const JsonView created = nth("response.created")["response"];
  EXPECT_EQ(created["status"].text(), "in_progress");
  EXPECT_EQ(created["output"].size(), 0u);
  EXPECT_EQ(created["usage"]["total_tokens"].integer(-1), 0);
  const std::string item_id(nth("response.output_item.added")["item"]["id"].text());
  EXPECT_EQ(nth("response.output_item.added")["item"]["content"].size(), 0u);
  std::string text;
  for (const Json& event : events.data) {
    if (event["type"].text() != "response.output_text.delta") continue;
    EXPECT_EQ(event["item_id"].text(), item_id);
    EXPECT_EQ(event["output_index"].integer(-1), 0);
    EXPECT_EQ(event["content_index"].integer(-1), 0);
    text += event["delta"].text();
  }
  EXPECT_EQ(text, "Hello from the mock model.");
  EXPECT_EQ(nth("response.output_text.done")["text"].text(), text);
  const JsonView response = last()["response"];
  EXPECT_EQ(response["id"].text(), created["id"].text());
  EXPECT_EQ(response["status"].text(), "completed");
  EXPECT_EQ(response["output"].at(0).dump(), nth("response.output_item.done")["item"].dump());
  EXPECT_EQ(response["output"].at(0)["content"].at(0)["text"].text(), text);
  EXPECT_EQ(response["usage"]["total_tokens"].integer(), 15);
}

TEST_F(ResponseStreams, TellFunctionCallsAfterTheMessage) {
  EXPECT_THAT(steps(streaming("tools", "say it", weather)),
              ElementsAre("response.created", "response.in_progress", "response.output_item.added",
                          "response.content_part.added", "response.output_text.delta", "response.output_text.done",
                          "response.content_part.done", "response.output_item.done", "response.output_item.added",
                          "response.function_call_arguments.delta", "response.function_call_arguments.done",
                          "response.output_item.done", "response.completed"));
  const JsonView begun = nth("response.output_item.added", 1)["item"];
  EXPECT_EQ(begun["type"].text(), "function_call");
  EXPECT_EQ(begun["arguments"].text("none"), "");
  EXPECT_EQ(begun["status"].text(), "in_progress");
  const Json& delta = nth("response.function_call_arguments.delta");
  EXPECT_EQ(delta["item_id"].text(), begun["id"].text());
  EXPECT_EQ(delta["output_index"].integer(), 1);
  EXPECT_EQ(delta["delta"].text(), R"({"city":"Oslo"})");
  EXPECT_EQ(nth("response.function_call_arguments.done")["arguments"].text(), R"({"city":"Oslo"})");
  const JsonView done = nth("response.output_item.done", 1)["item"];
  EXPECT_EQ(done["call_id"].text(), begun["call_id"].text());
  EXPECT_EQ(done["arguments"].text(), R"({"city":"Oslo"})");
  EXPECT_EQ(done["status"].text(), "completed");
  EXPECT_EQ(nth("response.output_item.done")["item"]["phase"].text(), "commentary");
  EXPECT_EQ(last()["response"]["output"].size(), 2u);
}

TEST_F(ResponseStreams, CutLongArgumentsBetweenCharacters) {
  types(streaming("tools", "long", weather));
  std::vector<std::string> pieces;
  std::string arguments;
  for (const Json& event : events.data) {
    if (event["type"].text() != "response.function_call_arguments.delta") continue;
    pieces.emplace_back(event["delta"].text());
    arguments += pieces.back();
  }
  EXPECT_GE(pieces.size(), 4u);
  EXPECT_THAT(pieces, Each(Not(HasSubstr("\xEF\xBF\xBD"))));
  EXPECT_EQ(arguments, nth("response.function_call_arguments.done")["arguments"].text());
}

TEST_F(ResponseStreams, OfTwoCallsCountTheOutput) {
  types(streaming("tools", "both", weather));
  EXPECT_EQ(nth("response.output_item.added", 2)["output_index"].integer(), 2);
  EXPECT_EQ(last()["response"]["output"].at(2)["arguments"].text(), R"({"city":"Rome"})");
}

TEST_F(ResponseStreams, ThatWereCutOffAreIncomplete) {
  const auto names = types(streaming("length", "hi"));
  EXPECT_EQ(names.back(), "response.incomplete");
  EXPECT_EQ(last()["response"]["incomplete_details"]["reason"].text(), "max_output_tokens");
  EXPECT_EQ(last()["response"]["output"].at(0)["status"].text(), "incomplete");
  EXPECT_EQ(last()["response"]["output"].at(0)["content"].at(0)["text"].text(), "Hello from the mock model.");
}

TEST_F(ResponseStreams, ThatFailEndWithTheFailure) {
  for (const auto& [agent, code] :
       {std::pair{"401", "authentication_error"}, std::pair{"500", "api_error"}, std::pair{"drop-mid", "api_error"}}) {
    const auto names = types(streaming(agent, "hi"));
    EXPECT_EQ(names.at(3), "response.content_part.added") << agent;
    EXPECT_EQ(names.back(), "response.failed") << agent;
    EXPECT_EQ(last()["response"]["status"].text(), "failed");
    EXPECT_EQ(last()["response"]["error"]["code"].text(), code);
    EXPECT_EQ(last()["response"]["output"].size(), 0u);
  }
}

TEST_F(ResponseStreams, HoldTextBackUntilADemandedCallIsThere) {
  EXPECT_THAT(types(streaming("tools", "no tool", weather + std::string(R"(,"tool_choice":"required")"))),
              ElementsAre("response.created", "response.in_progress", "response.output_item.added",
                          "response.content_part.added", "response.failed"));
  EXPECT_EQ(last()["response"]["error"]["message"].text(),
            "tool_choice=required was not satisfied by the agent response");
}

TEST_F(ResponseStreams, OfAModelThatSaysNothingSaySo) {
  types(streaming("empty", "hi"));
  EXPECT_EQ(last()["response"]["output"].at(0)["content"].at(0)["text"].text(), "No response from OmeniaClaw.");
}

TEST_F(ResponseStreams, EndWithTheirClient) {
  HttpClient client(gateway.port());
  client.send(
      HttpRequest{.method = "POST", .target = path, .token = gateway.token(), .body = streaming("slow", "hi")}.text());
  ASSERT_EQ(client.read_head().status, 200);
  ASSERT_TRUE(mock.wait_for_requests(1));
  client.socket().close();
  EXPECT_TRUE(mock.wait_for_broken_off(1));
}

TEST_F(ResponseStreams, NameEachEventOnALineOfItsOwn) {
  HttpClient client(gateway.port());
  client.send(
      HttpRequest{.method = "POST", .target = path, .token = gateway.token(), .body = streaming("main", "hi")}.text());
  const HttpAnswer answer = client.read();
  EXPECT_THAT(answer.body, StartsWith("event: response.created\ndata: {\"type\":\"response.created\","));
  EXPECT_THAT(answer.body, testing::EndsWith("\n\ndata: [DONE]\n\n"));
}

}  // namespace
}  // namespace omenia::test
