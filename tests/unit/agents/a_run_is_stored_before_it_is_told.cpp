// A run from acceptance to its end: what is on disk when, and who is told what in which order.
#include "tests/unit/agents/runs_fixture.h"

namespace omenia::test {
namespace {

using agents::RunOutcome;
using agents::RunStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ARun : public RunsTest {};

TEST_F(ARun, IsOnDiskWhenItsAcceptanceIsTold) {
  model.hold();
  const auto submission = accepted(request("r1", "remember me"));
  EXPECT_EQ(submission.kind, Kind::accepted);
  begin_worker(2);  // The first worker dies at once.
  const auto row = row_of("r1");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->session_id, submission.session_id);
  EXPECT_EQ(row->accepted_ms, submission.accepted_ms);
  EXPECT_EQ(row->generation, 1);
  EXPECT_EQ(agents::RunRequest::from_json(row->request).value().message, "remember me");
}

TEST_F(ARun, IsToldToNobodyBeforeItsAcceptanceIs) {
  std::optional<std::size_t> told_before;
  const auto look = [](agents::Runs* runs, const Witness* witness, std::optional<std::size_t>* told) -> Task<void> {
    auto answer = runs->submit(request("r1"));
    const auto submission = co_await std::move(answer);
    EXPECT_TRUE(submission.ok());
    *told = witness->told.size();
  };
  TaskScope scope;
  scope.spawn(look(runs.get(), &witness, &told_before));
  run_until([&] { return told_before.has_value(); });
  EXPECT_EQ(told_before, 0u);
}

TEST_F(ARun, IsKnownWhenItsAcceptanceIsTold) {
  model.hold();
  accepted(request("r1"));
  EXPECT_EQ(runs->active(), 1u);
  ASSERT_TRUE(runs->find("r1"));
  EXPECT_EQ(runs->of_session("agent:main:main").size(), 1u);
  EXPECT_THAT(runs->of_session("agent:main:other"), IsEmpty());
  EXPECT_TRUE(runs->end_of("r1").has_value());
}

TEST_F(ARun, TellsWhatHappensInOrder) {
  finished(request("r1"));
  EXPECT_THAT(witness.told,
              ElementsAre("r1 preparing preparing_context", "r1 started", "r1 stored user", "r1 model mock/m-1",
                          "r1 text re: hello", "r1 stored assistant", "r1 ended done"));
}

TEST_F(ARun, TellsItsOwnObserverToo) {
  const auto own = std::make_shared<Witness>();
  auto observed = request("r1");
  observed.observer = own;
  finished(std::move(observed));
  finished(request("r2"));
  EXPECT_EQ(own->told.size(), 7u);
  EXPECT_EQ(witness.told.size(), 14u);
}

TEST_F(ARun, IsStoredWholeWhenItsEndIsTold) {
  const auto outcome = finished(request("r1"));
  EXPECT_EQ(outcome->status, RunStatus::done);
  EXPECT_EQ(outcome->text, "re: hello");
  EXPECT_EQ(outcome->stop_reason, "stop");
  EXPECT_FALSE(outcome->error);
  begin_worker(2);
  const auto row = row_of("r1");
  EXPECT_EQ(row->status, "done");
  EXPECT_EQ(RunOutcome::from_json(row->result).value().text, "re: hello");
  EXPECT_EQ(row->ended_ms, outcome->ended_ms);
  const auto lines = transcript();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr(R"("content":"hello")"));
  EXPECT_THAT(lines[1], HasSubstr("re: hello"));
  EXPECT_EQ(session()->last_run_id, "r1");
  EXPECT_EQ(session()->last_run_status, "done");
  EXPECT_EQ(session()->last_model, "m-1");
}

TEST_F(ARun, IsGoneFromTheActiveOnesAfterItsEnd) {
  finished(request("r1"));
  EXPECT_EQ(runs->active(), 0u);
  EXPECT_FALSE(runs->find("r1"));
  EXPECT_FALSE(runs->end_of("r1").has_value());
}

TEST_F(ARun, EndIsToldToEverybodyWhoWaits) {
  start_held("r1");
  auto one = runs->end_of("r1");
  auto two = runs->end_of("r1");
  { const auto forgotten = runs->end_of("r1"); }
  model.release_all();
  EXPECT_EQ(run(as_task(std::move(*one)))->run_id, "r1");
  EXPECT_EQ(run(as_task(std::move(*two)))->run_id, "r1");
}

TEST_F(ARun, TellsTheModelWhatWasSaidBefore) {
  finished(request("r1", "one"));
  finished(request("r2", "two"));
  finished(request("r3", "elsewhere", "thread"));
  const auto lines = model.conversation(1);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_THAT(lines[0], HasSubstr("system: You are main"));
  EXPECT_THAT(std::vector<std::string>(lines.begin() + 1, lines.end()),
              ElementsAre("user: one", "assistant: re: one", "user: two"));
  EXPECT_EQ(model.conversation(2).size(), 2u);
}

TEST_F(ARun, OfASessionWaitsForTheOneBefore) {
  start_held("r1");
  accepted(request("r2", "second"));
  accepted(request("r3", "third"));
  EXPECT_EQ(model.asked(), 1u);
  EXPECT_EQ(status_of("r2"), "accepted");
  auto last = runs->end_of("r3");
  model.release_all();
  run(as_task(std::move(*last)));
  EXPECT_THAT(model.heard(), ElementsAre("hello", "second", "third"));
  EXPECT_EQ(model.conversation(2).size(), 6u);  // System, two turns and the message: ends are stored in between.
}

TEST_F(ARun, OfAnotherSessionDoesNot) {
  start_held("r1");
  accepted(request("r2", "second", "thread"));
  accepted(request("r3", "third", "main", "other"));
  run_until([&] { return model.asked() == 3; });
}

TEST_F(ARun, ThatFailsSaysWhyAndKeepsTheMessage) {
  model.fail_with(answer_of(401, R"({"error":{"message":"bad key"}})"));
  const auto outcome = finished(request("r1"));
  EXPECT_EQ(outcome->status, RunStatus::failed);
  ASSERT_TRUE(outcome->error);
  EXPECT_EQ(outcome->error->code, ErrorCode::provider_auth);
  EXPECT_EQ(status_of("r1"), "failed");
  const auto lines = transcript();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[1], HasSubstr(R"("stopReason":"error")"));
  EXPECT_THAT(lines[1], HasSubstr("errorMessage"));
}

TEST_F(ARun, AfterAFailureIsNotToldOfIt) {
  model.fail_with(answer_of(401, "{}"));
  finished(request("r1", "one"));
  model.fail_with("");
  finished(request("r2", "two"));
  const auto lines = model.conversation(1);
  EXPECT_THAT(std::vector<std::string>(lines.begin() + 1, lines.end()), ElementsAre("user: one", "user: two"));
}

TEST_F(ARun, NamesAModelForItselfAlone) {
  auto other = request("r1");
  other.model = "builtin/echo";
  EXPECT_EQ(finished(std::move(other))->provider, "builtin");
  EXPECT_EQ(finished(request("r2"))->provider, "mock");
}

TEST_F(ARun, IsRefusedInWords) {
  const auto refusal = [this](agents::RunRequest wrong) {
    const auto answer = submit(std::move(wrong));
    EXPECT_FALSE(answer.ok());
    return answer.ok() ? "" : std::string(omenia::row_of(answer.error().code).name) + ": " + answer.error().message;
  };
  EXPECT_EQ(refusal(request("r1", "")), "invalid_request: message is empty");
  EXPECT_THAT(refusal(request("r1", std::string(limits::message_bytes_max + 1, 'x'))),
              HasSubstr("invalid_request: message is longer than"));
  EXPECT_EQ(refusal(request("r1", "hello", "main", "nobody")), "invalid_request: unknown agent 'nobody'");
  auto wrong_model = request("r1");
  wrong_model.model = "nowhere/none";
  EXPECT_THAT(refusal(std::move(wrong_model)), HasSubstr("model_not_configured: "));
  EXPECT_EQ(status_of("r1"), "no such run");
  EXPECT_FALSE(session());
}

TEST_F(ARun, TakesTheLongestMessage) {
  auto longest = request("r1", std::string(limits::message_bytes_max, 'x'));
  longest.model = "builtin/echo";
  EXPECT_EQ(finished(std::move(longest))->status, RunStatus::done);
}

TEST_F(ARun, TakesAnyText) {
  for (const std::string& text : {std::string(" "), std::string("\n\t"), std::string("\"\\/{}[]"),
                                  std::string("日本語 🎉 \u202e"), std::string("\x01\x02\x7f"), std::string("null")}) {
    const auto outcome = finished(request(random_uuid(), text, random_uuid()));
    EXPECT_EQ(outcome->status, RunStatus::done);
    EXPECT_EQ(model.heard().back(), text);
  }
}

}  // namespace
}  // namespace omenia::test
