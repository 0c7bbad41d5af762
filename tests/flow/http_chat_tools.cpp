// Tools of the client in /v1/chat/completions: offered to the model, demanded, told in both forms of the answer, and
// the results that come back in the next request.
#include "tests/flow/openai_flow.h"

namespace omenia::test {
namespace {

using testing::Each;
using testing::MatchesRegex;

constexpr const char* path = "/v1/chat/completions";
constexpr const char* weather = R"(,"tools":[{"type":"function","function":{"name":"get_weather","description":"w",)"
                                R"("parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},)"
                                R"({"type":"function","function":{"name":"other"}}])";

std::string with_tools(const std::string& text, const std::string& more = {}) {
  return chat_body("OmeniaClaw/tools", text, weather + more);
}

class ChatTools : public Flow {
 protected:
  Json asked(std::size_t number) const { return Json::parse(mock.requests().at(number).body).value(); }
};

TEST_F(ChatTools, ACallEndsTheAnswer) {
  const HttpAnswer answer = gateway.post(path, with_tools("weather?"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Json body = answer.json();
  const JsonView choice = body["choices"].at(0);
  EXPECT_EQ(choice["finish_reason"].text(), "tool_calls");
  EXPECT_TRUE(choice["message"]["content"].is_string());
  EXPECT_EQ(choice["message"]["content"].text(), "");
  ASSERT_EQ(choice["message"]["tool_calls"].size(), 1u);
  const JsonView call = choice["message"]["tool_calls"].at(0);
  EXPECT_THAT(std::string(call["id"].text()), MatchesRegex("[0-9a-f]{9}")) << "ours, not call_up0";
  EXPECT_EQ(call["type"].text(), "function");
  EXPECT_EQ(call["function"]["name"].text(), "get_weather");
  EXPECT_EQ(call["function"]["arguments"].text(), R"({"city":"Oslo"})");
  EXPECT_EQ(asked(0)["tools"].size(), 2u);
  EXPECT_EQ(asked(0)["tools"].at(0)["function"]["parameters"]["properties"]["city"]["type"].text(), "string");
  EXPECT_FALSE(asked(0)["tool_choice"]);
}

TEST_F(ChatTools, AStreamTellsTheCallInPieces) {
  const Events events = events_of(
      gateway, path, with_tools("say it and call both", R"(,"stream":true,"stream_options":{"include_usage":true})"));
  ASSERT_GE(events.data.size(), 8u);
  EXPECT_TRUE(events.done);
  const auto delta = [&](std::size_t i) { return events.data[i]["choices"].at(0)["delta"]; };
  EXPECT_EQ(delta(0).dump(), R"({"role":"assistant"})");
  std::size_t next = 1;
  std::string text;
  for (; delta(next)["content"]; ++next) text += delta(next)["content"].text();
  EXPECT_EQ(text, "Let me look.");
  for (int index = 0; index < 2; ++index) {
    const JsonView first = delta(next)["tool_calls"].at(0);
    EXPECT_EQ(first["index"].integer(-1), index);
    EXPECT_THAT(std::string(first["id"].text()), MatchesRegex("[0-9a-f]{9}"));
    EXPECT_EQ(first["type"].text(), "function");
    EXPECT_EQ(first["function"]["name"].text(), "get_weather");
    EXPECT_EQ(first["function"]["arguments"].text("none"), "");
    EXPECT_FALSE(delta(next + 1)["tool_calls"].at(0)["id"]);
    next += 2;
  }
  EXPECT_EQ(joined_arguments(events.data, 0), R"({"city":"Oslo"})");
  EXPECT_EQ(joined_arguments(events.data, 1), R"({"city":"Rome"})");
  EXPECT_EQ(delta(next).dump(), "{}");
  EXPECT_EQ(events.data[next]["choices"].at(0)["finish_reason"].text(), "tool_calls");
  EXPECT_EQ(events.data.back()["usage"]["total_tokens"].integer(), 15);
}

TEST_F(ChatTools, LongArgumentsAreCutBetweenCharacters) {
  const Events events = events_of(gateway, path, with_tools("long ones", R"(,"stream":true)"));
  std::vector<std::string> pieces;
  for (const Json& chunk : events.data) {
    const JsonView call = chunk["choices"].at(0)["delta"]["tool_calls"].at(0);
    if (call && !call["id"]) pieces.emplace_back(call["function"]["arguments"].text());
  }
  EXPECT_EQ(pieces.size(), 4u) << "808 units";
  EXPECT_THAT(pieces, Each(Not(HasSubstr("\xEF\xBF\xBD"))));
  EXPECT_EQ(Json::parse(joined_arguments(events.data)).value()["t"].text().size(), 1600u);
}

TEST_F(ChatTools, TheResultOfACallIsTheNextMessage) {
  const std::string messages =
      R"({"model":"OmeniaClaw/echo","messages":[{"role":"user","content":"weather?"},{"role":"assistant",)"
      R"("content":null,"tool_calls":[{"id":"abc","type":"function","function":{"name":"get_weather",)"
      R"("arguments":"{\"city\":\"Oslo\"}"}}]},{"role":"tool","tool_call_id":"abc","content":"7 C"}])" +
      std::string(weather) + "}";
  EXPECT_EQ(gateway.post(path, messages).json()["choices"].at(0)["message"]["content"].text(),
            "[Chat messages since your last reply - for context]\nUser: weather?\n"
            "Assistant: tool_call id=abc name=get_weather arguments={\"city\":\"Oslo\"}\n\n"
            "[Current message - respond to this]\nTool:abc: 7 C");
}

TEST_F(ChatTools, NoneOffersNothing) {
  const HttpAnswer answer = gateway.post(path, with_tools("hi", R"(,"tool_choice":"none")"));
  EXPECT_EQ(answer.json()["choices"].at(0)["finish_reason"].text(), "stop") << answer.body;
  EXPECT_FALSE(asked(0)["tools"]);
}

TEST_F(ChatTools, ADemandReachesTheModel) {
  EXPECT_EQ(gateway.post(path, with_tools("hi", R"(,"tool_choice":"required")")).status, 200);
  EXPECT_EQ(asked(0)["tool_choice"].text(), "required");
  const HttpAnswer pinned =
      gateway.post(path, with_tools("hi", R"(,"tool_choice":{"type":"function","function":{"name":"other"}})"));
  EXPECT_EQ(pinned.json()["choices"].at(0)["message"]["tool_calls"].at(0)["function"]["name"].text(), "other");
  EXPECT_EQ(asked(1)["tools"].size(), 1u) << "the other one is not shown";
  EXPECT_EQ(asked(1)["tool_choice"]["function"]["name"].text(), "other");
  EXPECT_THAT(std::string(asked(1)["messages"].at(0)["content"].text()), HasSubstr("the function other"));
}

TEST_F(ChatTools, ADemandThatIsNotMetIsAnError) {
  const HttpAnswer answer = gateway.post(path, with_tools("no tool please", R"(,"tool_choice":"required")"));
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(answer.json()["error"]["type"].text(), "api_error");
  EXPECT_EQ(answer.json()["error"]["message"].text(), "tool_choice=required was not satisfied by the agent response");
  EXPECT_EQ(answer.header("x-should-retry"), "false");
  const Events events =
      events_of(gateway, path,
                with_tools("no tool please",
                           R"(,"stream":true,"tool_choice":{"type":"function","function":{"name":"get_weather"}})"));
  ASSERT_EQ(events.data.size(), 2u) << "the text was held back";
  EXPECT_EQ(events.data[1]["error"]["message"].text(),
            "tool_choice required a get_weather tool call, but the agent did not produce one");
  EXPECT_TRUE(events.done);
}

TEST_F(ChatTools, TextBeforeADemandedCallComesWithIt) {
  const Events events = events_of(gateway, path, with_tools("say it", R"(,"stream":true,"tool_choice":"required")"));
  ASSERT_GE(events.data.size(), 4u);
  EXPECT_EQ(events.data[1]["choices"].at(0)["delta"]["content"].text(), "Let me look.");
  EXPECT_EQ(events.data.back()["choices"].at(0)["finish_reason"].text(), "tool_calls");
}

TEST_F(ChatTools, TheCallIsPartOfTheConversation) {
  gateway.post(path, with_tools("weather?", R"(,"user":"ann")"));
  const Json history = gateway.client().call("chat.history", R"({"sessionKey":"agent:tools:openai-user:ann"})");
  const JsonView messages = history["payload"]["messages"];
  ASSERT_EQ(messages.size(), 2u) << history.dump();
  EXPECT_EQ(messages.at(1)["stopReason"].text(), "toolUse");
  const JsonView call = messages.at(1)["content"].at(0);
  EXPECT_EQ(call["type"].text(), "toolCall");
  EXPECT_EQ(call["name"].text(), "get_weather");
  EXPECT_EQ(call["arguments"]["city"].text(), "Oslo");
}

TEST_F(ChatTools, BadOnesAreRefusedBeforeAnythingIsAsked) {
  const auto refusal = [&](const std::string& more) {
    const HttpAnswer answer = gateway.post(path, chat_body("OmeniaClaw", "hi", more));
    EXPECT_EQ(answer.status, 400) << more;
    EXPECT_EQ(answer.header("x-should-retry"), "");
    return std::string(answer.json()["error"]["message"].text());
  };
  EXPECT_EQ(refusal(R"(,"tools":[{"type":"custom"}])"), "Invalid tools/tool_choice: only function tools are supported");
  EXPECT_EQ(refusal(R"(,"tool_choice":"required")"),
            "Invalid tools/tool_choice: tool_choice=required but no tools were provided");
  EXPECT_EQ(refusal(R"(,"tools":[{"type":"function","function":{"name":"a"}},)"
                    R"({"type":"function","function":{"name":"a"}}])"),
            "invalid tool configuration");
  EXPECT_THAT(refusal(R"(,"stream":true,"tools":[7])"), HasSubstr("each tool must be an object"));
  EXPECT_TRUE(mock.requests().empty());
}

}  // namespace
}  // namespace omenia::test
