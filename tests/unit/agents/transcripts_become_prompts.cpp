// Transcript and prompt: messages as they are stored, as clients get them, and as a model is told of them.
#include <gmock/gmock.h>

#include "shared/base/limits.h"
#include "shared/json/json.h"
#include "worker/agents/prompt.h"
#include "worker/agents/transcript.h"

namespace omenia::agents {
namespace {

using providers::Role;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Run a_run(std::string message = "hello") {
  Run run;
  run.request.run_id = "r1";
  run.request.session = sessions::make_key("main", "main");
  run.request.message = std::move(message);
  run.session_id = "s1";
  run.accepted_ms = 100;
  run.api = "openai-completions";
  return run;
}

RunOutcome an_outcome(RunStatus status, std::string text = "answer") {
  RunOutcome outcome;
  outcome.status = status;
  outcome.text = std::move(text);
  outcome.stop_reason = status == RunStatus::done ? "length" : "rpc";
  outcome.provider = "mock";
  outcome.model = "m-1";
  outcome.started_ms = 200;
  outcome.ended_ms = 300;
  outcome.usage = {1, 2, 3, 4, 10};
  return outcome;
}

Json body_of(const state::EntryRow& entry) {
  auto body = Json::parse(entry.body);
  EXPECT_TRUE(body.ok()) << entry.body;
  return body.ok() ? std::move(body).value() : Json::object();
}

state::EntryRow entry(std::string role, std::string body, std::string kind = "message") {
  state::EntryRow row;
  row.role = std::move(role);
  row.kind = std::move(kind);
  row.body = std::move(body);
  return row;
}

state::EntryRow said(std::string role, const std::string& text) {
  return entry(std::move(role), R"({"content":")" + text + "\"}");
}

TEST(AStoredMessage, OfAPersonIsTheTextAsWritten) {
  const std::string text = "\"quoted\" \\ \n\t\x01 日本 🎉";
  const auto row = user_entry(a_run(text), 150);
  const Json body = body_of(row);
  EXPECT_EQ(row.role, "user");
  EXPECT_EQ(row.kind, "message");
  EXPECT_EQ(row.session_id, "s1");
  EXPECT_EQ(row.run_id, "r1");
  EXPECT_EQ(row.created_ms, 150);
  EXPECT_EQ(body["content"].text(), text);
  EXPECT_EQ(body["timestamp"].integer(), 100);
  EXPECT_EQ(body["idempotencyKey"].text(), "r1:user");
}

TEST(AStoredMessage, HasAnIdOfItsOwn) {
  EXPECT_NE(user_entry(a_run(), 1).id, user_entry(a_run(), 1).id);
  EXPECT_EQ(user_entry(a_run(), 1).id.size(), 36u);
}

TEST(AStoredMessage, OfAnAgentSaysHowItCameAbout) {
  const Json body = body_of(assistant_entry(a_run(), an_outcome(RunStatus::done)));
  EXPECT_EQ(body["role"].text(), "assistant");
  EXPECT_EQ(body["content"].at(0)["text"].text(), "answer");
  EXPECT_EQ(body["api"].text(), "openai-completions");
  EXPECT_EQ(body["provider"].text(), "mock");
  EXPECT_EQ(body["usage"]["totalTokens"].integer(), 10);
  EXPECT_EQ(body["stopReason"].text(), "length");
  EXPECT_FALSE(body["errorMessage"]);
}

TEST(AStoredMessage, OfARunThatDidNotEndWellSaysSo) {
  const std::pair<RunStatus, const char*> words[] = {{RunStatus::failed, "error"},
                                                     {RunStatus::interrupted, "error"},
                                                     {RunStatus::aborted, "aborted"},
                                                     {RunStatus::timed_out, "aborted"}};
  for (const auto& [status, word] : words) {
    RunOutcome outcome = an_outcome(status, "");
    outcome.error = fail(ErrorCode::internal, "it \"broke\"");
    const Json body = body_of(assistant_entry(a_run(), outcome));
    EXPECT_EQ(body["stopReason"].text(), word);
    EXPECT_EQ(body["errorMessage"].text(), "it \"broke\"");
    EXPECT_EQ(body["content"].size(), 0u);
  }
}

TEST(AWireMessage, IsTheBodyWithWhereItStands) {
  auto row = assistant_entry(a_run(), an_outcome(RunStatus::done));
  row.seq = 7;
  const Json message = Json::parse(wire_message(row)).value();
  EXPECT_EQ(message["content"].at(0)["text"].text(), "answer");
  EXPECT_EQ(message["__openclaw"]["seq"].integer(), 7);
  EXPECT_EQ(message["__openclaw"]["id"].text(), row.id);
  EXPECT_EQ(message["__openclaw"]["recordTimestampMs"].integer(), 300);
  EXPECT_EQ(message["__openclaw"]["runId"].text(), "r1");
  const Json own = Json::parse(wire_message(user_entry(a_run(), 1))).value();
  EXPECT_FALSE(own["__openclaw"]["runId"]);
}

TEST(APrompt, HasTheMessagesInOrder) {
  const auto messages = prompt_messages({said("user", "one"), said("assistant", "two"), said("user", "three")});
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0].role, Role::user);
  EXPECT_EQ(messages[1].role, Role::assistant);
  EXPECT_EQ(messages[1].text, "two");
  EXPECT_EQ(messages[2].text, "three");
}

TEST(APrompt, OfNothingIsEmpty) {
  EXPECT_TRUE(prompt_messages({}).empty());
}

TEST(APrompt, LeavesOutWhatHasNoText) {
  EXPECT_TRUE(
      prompt_messages({said("user", ""), said("assistant", ""), entry("assistant", R"({"content":[]})"),
                       entry("assistant", R"({"content":null})"), entry("assistant", "{}"),
                       entry("user", R"({"content":7})"), entry("user", R"({"content":{"text":"x"}})"),
                       entry("user", R"({"content":[{"type":"image","text":"x"},7,null,"x"]})"),
                       entry("", R"({"content":"a notice"})", "notice"), entry("user", "not json"), entry("user", "")})
          .empty());
}

TEST(APrompt, JoinsTheTextParts) {
  const auto messages = prompt_messages(
      {entry("user", R"({"content":[{"type":"text","text":"a"},{"type":"image"},{"type":"text","text":"b"}]})")});
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].text, "ab");
}

// Numbered from 1, as the store does it.
std::vector<state::EntryRow> numbered(std::vector<state::EntryRow> entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i].seq = static_cast<std::int64_t>(i) + 1;
  return entries;
}

TEST(APrompt, BeginsWithTheSummaryOfTheLastBoundary) {
  const auto messages = prompt_messages(numbered(
      {said("user", "old"), said("assistant", "older answer"), said("user", "kept"), said("assistant", "kept answer"),
       compaction_entry("s1", "what was \"old\"", 3, 7), said("user", "new")}));
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_THAT(messages[0].text, AllOf(HasSubstr("what was \"old\""), EndsWith("\n\nkept")));
  EXPECT_EQ(messages[0].role, Role::user);
  EXPECT_EQ(messages[1].text, "kept answer");
  EXPECT_EQ(messages[2].text, "new");
}

TEST(APrompt, TellsOnlyTheLastSummary) {
  const auto messages =
      prompt_messages(numbered({said("user", "old"), compaction_entry("s1", "first", 1, 7), said("assistant", "older"),
                                compaction_entry("s1", "second", 3, 8), entry("", "not json", "compaction")}));
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_THAT(messages[0].text, AllOf(HasSubstr("second"), Not(HasSubstr("first"))));
  EXPECT_EQ(messages[1].text, "older") << "which is not the user's, so the summary stands alone";
}

TEST(APrompt, EndsAtABoundaryWithoutASummary) {
  const auto messages =
      prompt_messages(numbered({said("user", "old"), said("user", "kept"), compaction_entry("s1", "", 2, 7)}));
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].text, "kept");
}

TEST(APrompt, IsCutAtTheOldEnd) {
  const std::string half(limits::history_window_bytes / 2, 'x');
  const auto messages = prompt_messages({said("user", "old"), said("user", half), said("assistant", half)});
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].role, Role::user);
  EXPECT_EQ(prompt_messages({said("user", half), said("assistant", half + "x")}).size(), 1u);
}

TEST(APrompt, KeepsTheNewestMessageHoweverLong) {
  const std::string huge(2 * limits::history_window_bytes, 'x');
  const auto messages = prompt_messages({said("user", "old"), said("user", huge)});
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].text, huge);
}

// A gap inside the conversation would be worse than a shorter one.
TEST(APrompt, DoesNotSkipALongMessageForAnOlderShortOne) {
  const std::string huge(2 * limits::history_window_bytes, 'x');
  const auto messages = prompt_messages({said("user", "old"), said("assistant", huge), said("user", "new")});
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].text, "new");
}

TEST(ASystemPrompt, NamesTheAgentAndTheDay) {
  const std::string text = system_prompt({"main", "Ada", "", ""}, {}, 1'795'351'142'553);
  EXPECT_THAT(text, StartsWith("You are Ada,"));
  EXPECT_THAT(text, HasSubstr("Today is 2026-11-22 (UTC)."));
  EXPECT_THAT(system_prompt({"main", "", "", ""}, {}, 0), StartsWith("You are main,"));
}

TEST(ASystemPrompt, IsTheSameAllDayAndEndsWithWhatTheRequestAdds) {
  RunRequest request;
  const AgentConfig agent{"main", "", "", ""};
  const std::int64_t midnight_ms = 20'000LL * 86'400'000;
  EXPECT_EQ(system_prompt(agent, request, midnight_ms), system_prompt(agent, request, midnight_ms + 86'399'999));
  EXPECT_NE(system_prompt(agent, request, midnight_ms), system_prompt(agent, request, midnight_ms + 86'400'000));
  const std::string plain = system_prompt(agent, request, midnight_ms);
  request.extra_system = "Answer in rhymes.";
  EXPECT_EQ(system_prompt(agent, request, midnight_ms), plain + "\n\nAnswer in rhymes.");
}

}  // namespace
}  // namespace omenia::agents
