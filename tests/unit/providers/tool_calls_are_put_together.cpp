// Tool calls out of the pieces that servers send: whole, in fragments, without index, with repeated ids and names.
#include <gmock/gmock.h>

#include "shared/base/limits.h"
#include "tests/unit/providers/provider_fixture.h"
#include "worker/providers/openai_answer.h"
#include "worker/providers/openai_tool_calls.h"

namespace omenia::test {
namespace {

using providers::ModelAnswer;
using providers::OpenAiAnswer;
using providers::OpenAiToolCalls;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "name(arguments)" of each call that these deltas make.
std::vector<std::string> calls_of(const std::vector<std::string>& deltas, bool cut_off = false) {
  OpenAiToolCalls calls;
  for (const std::string& delta : deltas) EXPECT_TRUE(calls.add(Json::parse(delta).value()).ok()) << delta;
  std::vector<std::string> lines;
  for (const auto& call : calls.take(cut_off)) lines.push_back(call.name + "(" + call.arguments + ")");
  return lines;
}

std::string event(const std::string& delta, const std::string& finish_reason = "null") {
  return R"(data: {"choices":[{"index":0,"delta":)" + delta + R"(,"finish_reason":)" + finish_reason + "}]}\n\n";
}
std::string one_call(std::string_view name = "f") {
  return R"({"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":")" + std::string(name) +
         R"(","arguments":"{\"a\":1}"}}]})";
}
Result<ModelAnswer> read(const std::string& bytes) {
  OpenAiAnswer answer;
  TRY(answer.feed(bytes));
  return answer.finish();
}

TEST(ToolCalls, ComeInFragments) {
  EXPECT_THAT(calls_of({R"([{"index":0,"id":"c1","function":{"name":"f","arguments":""}}])",
                        R"([{"index":0,"function":{"arguments":"{\"a\""}}])",
                        R"([{"index":1,"id":"c2","function":{"name":"g","arguments":"{}"}}])",
                        R"([{"index":0,"function":{"arguments":":1}"}}])"}),
              ElementsAre("f({\"a\":1})", "g({})"));
}

TEST(ToolCalls, ComeInOddForms) {
  EXPECT_THAT(
      calls_of({R"([{"id":"c1","function":{"name":"f","arguments":"{"}}])", R"([{"function":{"arguments":"}"}}])"}),
      ElementsAre("f({})"))
      << "no index: the last one goes on";
  EXPECT_THAT(calls_of({R"([{"function":{"name":"f","arguments":"{}"}}])", R"([{"function":{"name":"f"}}])"}),
              ElementsAre("f({})", "f({})"))
      << "neither index nor id: a name begins another";
  EXPECT_THAT(calls_of({R"([{"index":0,"id":"c1","function":{"name":"f","arguments":"{"}}])",
                        R"([{"index":0,"id":"c1","function":{"name":"f","arguments":"}"}}])"}),
              ElementsAre("f({})"))
      << "id and name in every piece";
  EXPECT_THAT(calls_of({R"([{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}])",
                        R"([{"index":0,"id":"c2","function":{"name":"g","arguments":"{}"}}])"}),
              ElementsAre("f({})", "g({})"))
      << "every call has index 0";
  EXPECT_THAT(calls_of({R"([{"index":0,"id":"c1","function":{"name":"f","arguments":{"a":[1]}}}])"}),
              ElementsAre("f({\"a\":[1]})"));
  EXPECT_THAT(calls_of({R"([{"index":0,"id":"c1","function":{"name":"f"}}])"}), ElementsAre("f({})"));
  EXPECT_THAT(calls_of({"null", "[]", "{}", "7", R"([null,7,"x"])", R"([{"index":0}])", R"([{"function":[]}])"}),
              IsEmpty())
      << "without a name it is no call";
}

TEST(ToolCalls, OfAnAnswerThatWasCutOffAreWholeOrNotThere) {
  const std::vector<std::string> deltas = {R"([{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}])",
                                           R"([{"index":1,"id":"c2","function":{"name":"g","arguments":"{\"a\":"}}])"};
  EXPECT_THAT(calls_of(deltas, true), ElementsAre("f({})"));
  EXPECT_THAT(calls_of(deltas, false), ElementsAre("f({})", "g({\"a\":)")) << "what the model wrote is passed on";
}

TEST(ToolCalls, AreBounded) {
  OpenAiToolCalls calls;
  Result<void> added;
  for (std::size_t i = 0; i <= limits::tool_calls_max && added.ok(); ++i)
    added = calls.add(Json::parse(R"([{"function":{"name":"f"}}])").value());
  EXPECT_EQ(added.error().code, ErrorCode::provider_broken);
  OpenAiToolCalls large;
  const std::string piece =
      R"([{"index":0,"function":{"name":"f","arguments":")" + std::string(limits::MiB, 'x') + R"("}}])";
  const Json parsed_piece = Json::parse(piece).value();
  added = {};
  for (std::size_t i = 0; i <= limits::provider_answer_bytes_max / limits::MiB && added.ok(); ++i)
    added = large.add(parsed_piece);
  EXPECT_EQ(added.error().code, ErrorCode::provider_broken);
}

TEST(AnAnswerWithCalls, EndsByThemWhateverItSays) {
  for (const char* reason : {R"("tool_calls")", R"("tool_call")", R"("function_call")", R"("stop")"}) {
    const auto answer = read(event(one_call()) + event("{}", reason));
    ASSERT_TRUE(answer.ok()) << reason << answer.error().message;
    EXPECT_EQ(answer.value().stop_reason, "tool_calls") << reason;
    ASSERT_EQ(answer.value().tool_calls.size(), 1u);
    EXPECT_EQ(answer.value().tool_calls[0].arguments, R"({"a":1})");
  }
  const auto whole = read(R"({"choices":[{"message":{"content":"hm","tool_calls":[{"id":"x","function":{"name":"f",)"
                          R"("arguments":"{}"}}]},"finish_reason":"tool_calls"}]})");
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole.value().text, "hm");
  EXPECT_EQ(whole.value().tool_calls.size(), 1u);
}

TEST(AnAnswerWithCalls, ThatBreaksOffIsNone) {
  EXPECT_FALSE(read(event(one_call())).ok());
  EXPECT_EQ(read(event("{}", R"("tool_calls")")).error().code, ErrorCode::provider_broken) << "it made none";
}

class Calling : public ProviderTest {
 protected:
  Result<ModelAnswer> ask_with(std::vector<providers::Tool> tools) {
    ScriptedServer server([](Connection& connection) {
      connection.read_request();
      connection.send(stream_head);
      connection.send_chunk(event(one_call()) + event("{}", R"("tool_calls")") + std::string(done_event));
      connection.send("0\r\n\r\n");
    });
    providers::ModelRequest request = hello();
    request.tools = std::move(tools);
    return run(provider_for(config_for(server))->complete(request, collect(), {}));
  }
};

TEST_F(Calling, ReachesWhoAsked) {
  const auto answer = ask_with({{"f", "", "", {}}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer.value().tool_calls.at(0).name, "f");
  EXPECT_TRUE(pieces.empty());
}

TEST_F(Calling, WhatWasNotOfferedIsNoAnswer) {
  const auto other = ask_with({{"g", "", "", {}}});
  EXPECT_EQ(other.error().code, ErrorCode::provider_broken);
  EXPECT_THAT(other.error().message, HasSubstr("\"f\""));
  EXPECT_EQ(ask_with({}).error().code, ErrorCode::provider_broken);
}

}  // namespace
}  // namespace omenia::test
