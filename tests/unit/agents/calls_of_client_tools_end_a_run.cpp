// A run whose model calls a tool of the client ends with the call; what came of it is a message of its own, later.
#include "tests/unit/agents/runs_fixture.h"
#include "worker/agents/transcript.h"

namespace omenia::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr std::string_view call_json =
    R"({"choices":[{"message":{"content":"let me see","tool_calls":[{"id":"upstream-1","type":"function",)"
    R"("function":{"name":"get_weather","arguments":"{\"city\":\"Oslo\"}"}}]},"finish_reason":"tool_calls"}],)"
    R"("usage":{"prompt_tokens":5,"completion_tokens":2}})";

class ClientToolRun : public RunsTest {
 protected:
  agents::RunRequest with_tools(std::string run_id) {
    agents::RunRequest with = request(std::move(run_id));
    with.client_tools = {{"get_weather", "w", R"({"type":"object"})", {}}};
    return with;
  }
};

TEST_F(ClientToolRun, EndsWithTheCallUnderAnIdOfOurs) {
  model.fail_with(answer_of(200, call_json));
  const auto outcome = finished(with_tools("r1"));
  EXPECT_TRUE(outcome->ok());
  EXPECT_EQ(outcome->stop_reason, "tool_calls");
  EXPECT_EQ(outcome->text, "let me see");
  ASSERT_EQ(outcome->tool_calls.size(), 1u);
  EXPECT_THAT(outcome->tool_calls[0].id, MatchesRegex("[0-9a-f]{9}"));
  EXPECT_EQ(outcome->tool_calls[0].arguments, R"({"city":"Oslo"})");
  const auto stored_end = agents::RunOutcome::from_json(row_of("r1")->result).value();
  ASSERT_EQ(stored_end.tool_calls.size(), 1u);
  EXPECT_EQ(stored_end.tool_calls[0].id, outcome->tool_calls[0].id);
  ASSERT_EQ(transcript().size(), 2u);
  EXPECT_THAT(transcript()[1],
              HasSubstr(R"({"type":"text","text":"let me see"},{"type":"toolCall","id":")" + outcome->tool_calls[0].id +
                        R"(","name":"get_weather","arguments":{"city":"Oslo"}})"));
  EXPECT_THAT(transcript()[1], HasSubstr(R"("stopReason":"toolUse")"));
}

TEST_F(ClientToolRun, IsToldToTheModelInTheNextTurn) {
  model.fail_with(answer_of(200, call_json));
  const std::string id = finished(with_tools("r1"))->tool_calls.at(0).id;
  model.fail_with({});
  finished(request("r2", "sunny"));
  const auto lines = model.conversation(1);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[2], "assistant: let me see\ntool_call id=" + id + R"( name=get_weather arguments={"city":"Oslo"})");
  EXPECT_EQ(lines[3], "user: sunny");
}

TEST_F(ClientToolRun, OffersItsToolsAgainWhenItIsTakenUp) {
  model.hold();
  accepted(request("first"));
  accepted(with_tools("second"));
  begin_worker(2);
  model.release_all();
  run([](agents::Runs* runs) -> Task<bool> {
    auto recovering = runs->recover();
    co_await std::move(recovering);
    co_return true;
  }(runs.get()));
  run_until([&] { return witness.has_seen("second ended done"); });
  EXPECT_EQ(model.tools_of(model.asked() - 1), "get_weather");
}

constexpr std::string_view silence = R"({"choices":[{"message":{"content":" "},"finish_reason":"stop"}],)"
                                     R"("usage":{"prompt_tokens":5,"completion_tokens":2}})";

TEST_F(ClientToolRun, ThatSaysNothingIsAskedOnceMore) {
  model.fail_with(answer_of(200, silence));
  const auto outcome = finished(request("r1"));
  EXPECT_TRUE(outcome->ok());
  EXPECT_EQ(model.asked(), 2u);
  EXPECT_EQ(model.heard().front(), "hello");
  EXPECT_THAT(model.heard().back(), HasSubstr("empty"));
  EXPECT_EQ(outcome->usage.total, 14) << "of both calls";
  EXPECT_EQ(transcript().size(), 2u) << "the question is not part of the conversation";
}

TEST_F(ClientToolRun, ThatWasCutOffBeforeItsFirstWordIsNotAskedAgain) {
  model.fail_with(answer_of(200, R"({"choices":[{"message":{"content":""},"finish_reason":"length"}]})"));
  EXPECT_EQ(finished(request("r1"))->stop_reason, "length");
  EXPECT_EQ(model.asked(), 1u);
}

TEST_F(ClientToolRun, KeepsOfImagesOnlyWhatTheyWere) {
  agents::RunRequest with = request("r1", "look");
  with.images = {{"image/png", "iVBORw0KGgo="}};
  finished(std::move(with));
  finished(request("r2", "what was it"));
  EXPECT_THAT(transcript()[0], HasSubstr(R"({"type":"image","mimeType":"image/png","omitted":true,"bytes":)"));
  EXPECT_THAT(transcript()[0], testing::Not(HasSubstr("iVBO")));
  EXPECT_EQ(model.conversation(1).at(1), "user: look\n[images that came with this message: 1]");
}

}  // namespace
}  // namespace omenia::test
