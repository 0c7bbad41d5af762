// A run of a session of its own, whose answer alone acknowledges it: the model is asked at once, who asked for it hears
// the answer at once, and everybody else hears of it when it is in the store: at its end, or when it lasts.
#include "tests/unit/agents/one_off_fixture.h"

namespace omenia::test {
namespace {

using agents::RunOutcome;
using agents::RunStatus;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class OneOff : public OneOffTest {
 protected:
  // What everybody is told of one whose model says `text`.
  static auto in_the_usual_order(const std::string& text) {
    return ElementsAre("r1 preparing preparing_context", "r1 started", "r1 stored user", "r1 model mock/m-1",
                       "r1 text " + text, "r1 stored assistant", "r1 ended done");
  }
};

TEST_F(OneOff, IsAnsweredWhileTheStoreIsHeld) {
  hold_store();
  const auto outcome = finished(own("r1"));
  EXPECT_EQ(outcome->status, RunStatus::done);
  EXPECT_EQ(outcome->text, "re: hello");
  EXPECT_EQ(status_for_others("r1"), "no such run");
  release_store();
  EXPECT_EQ(status_of("r1"), "done");
}

TEST_F(OneOff, AsksTheModelWhatWasSaid) {
  finished(own("r1", "what?"));
  EXPECT_EQ(model.asked(), 1u);
  EXPECT_THAT(model.conversation(0), ElementsAre(HasSubstr("system: You are main"), "user: what?"));
}

TEST_F(OneOff, IsToldToEverybodyInTheUsualOrder) {
  finished(own("r1"));
  EXPECT_THAT(witness.told, in_the_usual_order("re: hello"));
}

TEST_F(OneOff, IsToldToWhoAskedForItAtOnce) {
  hold_store();
  start_asked("r1");
  EXPECT_THAT(asker->told, ElementsAre("r1 model mock/m-1", "r1 text a part"));
  EXPECT_THAT(witness.told, IsEmpty());
  auto end = runs->end_of("r1");
  model.release_all();
  run(as_task(std::move(*end)));
  EXPECT_THAT(asker->told, ElementsAre("r1 model mock/m-1", "r1 text a part", "r1 stored assistant", "r1 ended done"));
  EXPECT_THAT(witness.told, in_the_usual_order("a part"));
}

TEST_F(OneOff, IsKnownWhenItIsTaken) {
  hold_store();
  const auto submission = accepted(own("r1"));
  EXPECT_EQ(submission.kind, Kind::accepted);
  EXPECT_EQ(submission.run_id, "r1");
  EXPECT_EQ(runs->active(), 1u);
  EXPECT_TRUE(runs->find("r1"));
  EXPECT_EQ(runs->of_session(key_of("r1")).size(), 1u);
  EXPECT_TRUE(runs->end_of("r1").has_value());
}

TEST_F(OneOff, SaysWhereItsTranscriptWillBe) {
  const auto submission = accepted(own("r1"));
  EXPECT_NE(submission.session_id, "");
  end_of("r1");
  EXPECT_EQ(session(key_of("r1"))->session_id, submission.session_id);
}

TEST_F(OneOff, IsInTheTablesWholeAfterItsEnd) {
  const auto outcome = finished(own("r1"));
  const auto row = row_of("r1");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->status, "done");
  EXPECT_EQ(row->result, outcome->to_json());
  EXPECT_EQ(row->session_id, outcome->session_id);
  EXPECT_EQ(row->accepted_ms, outcome->accepted_ms);
  EXPECT_EQ(row->started_ms, outcome->started_ms);
  EXPECT_EQ(row->ended_ms, outcome->ended_ms);
  EXPECT_EQ(row->generation, 1);
  EXPECT_EQ(agents::RunRequest::from_json(row->request).value().message, "hello");
  EXPECT_THAT(transcript(key_of("r1")), ElementsAre(HasSubstr(R"("content":"hello")"), HasSubstr("re: hello")));
  const auto made = session(key_of("r1"));
  EXPECT_EQ(made->session_id, outcome->session_id);
  EXPECT_EQ(made->last_run_id, "r1");
  EXPECT_EQ(made->last_run_status, "done");
  EXPECT_EQ(made->last_model, "m-1");
  EXPECT_TRUE(made->unread);
  EXPECT_EQ(runs->active(), 0u);
}

TEST_F(OneOff, IsNotForARunOfANamedSessionOrOneThatIsAcknowledged) {
  hold_store();
  auto named = own("r1");
  named.has_own_session = false;
  auto first = runs->submit(std::move(named));
  auto acknowledged = own("r2");
  acknowledged.told_at_end = false;
  auto second = runs->submit(std::move(acknowledged));
  run_what_is_due();
  EXPECT_EQ(model.asked(), 0u);
  release_store();
  ASSERT_TRUE(run(as_task(std::move(first))).ok());
  ASSERT_TRUE(run(as_task(std::move(second))).ok());
  run_until([&] { return runs->active() == 0; });
}

TEST_F(OneOff, IsRefusedLikeAnyOther) {
  EXPECT_FALSE(submit(own("r1", "")).ok());
  auto nobody = own("r2");
  nobody.session.agent_id = "nobody";
  EXPECT_FALSE(submit(std::move(nobody)).ok());
  runs->drain([] {});
  EXPECT_EQ(submit(own("r3")).error().code, ErrorCode::draining);
  EXPECT_EQ(runs->active(), 0u);
  EXPECT_THAT(asker->told, IsEmpty());
}

TEST_F(OneOff, OfManyHasASessionOfItsOwn) {
  std::vector<std::string> ids;
  for (int i = 0; i < 60; ++i) accepted(own(ids.emplace_back("r" + std::to_string(i)), "m" + std::to_string(i)));
  run_until([&] { return runs->active() == 0; });
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ASSERT_EQ(status_of(ids[i]), "done");
    ASSERT_THAT(transcript(key_of(ids[i])), ElementsAre(HasSubstr("m" + std::to_string(i)), HasSubstr("re: m")));
  }
}

TEST_F(OneOff, ThatLastsIsStoredAndToldAsItGoes) {
  start_revealed("r1");
  EXPECT_THAT(witness.told, ElementsAre("r1 preparing preparing_context", "r1 started", "r1 stored user",
                                        "r1 model mock/m-1", "r1 text a part"));
  EXPECT_EQ(status_for_others("r1"), "running");
  EXPECT_EQ(session(key_of("r1"))->session_id, row_of("r1")->session_id);
  EXPECT_THAT(transcript(key_of("r1")), ElementsAre(HasSubstr("hello")));

  auto end = runs->end_of("r1");
  model.release_all();
  const auto outcome = run(as_task(std::move(*end)));
  EXPECT_EQ(outcome->status, RunStatus::done);
  EXPECT_THAT(witness.told, in_the_usual_order("a part"));
  EXPECT_EQ(status_of("r1"), "done");
  EXPECT_EQ(session(key_of("r1"))->session_id, outcome->session_id);
  EXPECT_THAT(transcript(key_of("r1")), ElementsAre(HasSubstr("hello"), HasSubstr("a part")));
}

TEST_F(OneOff, ThatLastsIsToldWhenItIsStoredAndNotBefore) {
  hold_store();
  start_asked("r1");
  EXPECT_THAT(witness.told, IsEmpty());
  release_store();
  run_until([&] { return witness.has_seen("r1 text a part"); });
  EXPECT_EQ(status_for_others("r1"), "running");
}

// Its beginning is on its way to the store when it ends.
TEST_F(OneOff, ThatEndsBeforeItsBeginningIsStoredIsStoredAndToldOnce) {
  hold_store();
  start_asked("r1");
  bool has_lasted = false;
  Timer lasts(loop, [&] { has_lasted = true; });
  lasts.start(2 * limits::turn_unstored_ms);
  run_until([&] { return has_lasted; });
  auto end = runs->end_of("r1");
  model.release_all();
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::done);
  EXPECT_THAT(witness.told, in_the_usual_order("a part"));
  release_store();
  EXPECT_EQ(status_of("r1"), "done");
  EXPECT_EQ(transcript(key_of("r1")).size(), 2u);
  run_what_is_due();
  EXPECT_THAT(witness.told, in_the_usual_order("a part"));
}

// It waited for its place among all: when it was asked for is not when it began.
TEST_F(OneOff, ThatWaitedIsStoredWithTheTimeOfItsBeginning) {
  let_one_run_at_once();
  start_asked("r0");
  const auto submission = accepted(own("r1"));
  run_until([&] { return wall_ms() > submission.accepted_ms + 5; });
  runs->abort(key_of("r0"), "", "rpc");
  run_until([&] { return witness.has_seen("r1 started"); });
  const auto row = row_of("r1");
  EXPECT_EQ(row->accepted_ms, submission.accepted_ms);
  EXPECT_EQ(row->started_ms, runs->find("r1")->started_ms);
  EXPECT_GT(row->started_ms, submission.accepted_ms);
  auto end = runs->end_of("r1");
  model.release_all();
  EXPECT_EQ(run(as_task(std::move(*end)))->started_ms, row->started_ms);
}

TEST_F(OneOff, ThatFailsSaysWhyAndKeepsTheMessage) {
  model.fail_with(answer_of(401, R"({"error":{"message":"bad key"}})"));
  const auto outcome = finished(own("r1"));
  EXPECT_EQ(outcome->status, RunStatus::failed);
  ASSERT_TRUE(outcome->error);
  EXPECT_EQ(outcome->error->code, ErrorCode::provider_auth);
  EXPECT_EQ(status_of("r1"), "failed");
  const auto lines = transcript(key_of("r1"));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[1], HasSubstr(R"("stopReason":"error")"));
  EXPECT_EQ(session(key_of("r1"))->last_run_status, "failed");
  EXPECT_THAT(witness.told, ElementsAre("r1 preparing preparing_context", "r1 started", "r1 stored user",
                                        "r1 model mock/m-1", "r1 stored assistant", "r1 ended failed"));
}

TEST_F(OneOff, IsStoppedAsItRuns) {
  hold_store();  // Nobody but who asked for it knows it.
  start_asked("r1");
  auto end = runs->end_of("r1");
  EXPECT_THAT(runs->abort(key_of("r1"), "r1", "disconnect"), ElementsAre("r1"));
  const auto outcome = run(as_task(std::move(*end)));
  EXPECT_EQ(outcome->status, RunStatus::aborted);
  EXPECT_EQ(outcome->text, "a part");
  EXPECT_EQ(outcome->stop_reason, "disconnect");
  release_store();
  EXPECT_EQ(status_of("r1"), "aborted");
  EXPECT_THAT(transcript(key_of("r1")), ElementsAre(HasSubstr("hello"), HasSubstr("a part")));
  EXPECT_EQ(witness.told.back(), "r1 ended aborted");
}

TEST_F(OneOff, IsStoppedAfterItWasTold) {
  start_revealed("r1");
  auto end = runs->end_of("r1");
  runs->abort(key_of("r1"), "", "rpc");
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::aborted);
  EXPECT_EQ(status_of("r1"), "aborted");
  EXPECT_EQ(transcript(key_of("r1")).size(), 2u);
}

TEST_F(OneOff, TakesNoLongerThanItMay) {
  model.hold();
  auto timed = own("r1");
  timed.timeout_ms = 1;
  EXPECT_EQ(finished(std::move(timed))->status, RunStatus::timed_out);
  EXPECT_EQ(status_of("r1"), "timed_out");
}

TEST_F(OneOff, ThatIsStoppedAsItWaitsLeavesNothing) {
  let_one_run_at_once();
  start_held("r0");
  accepted(own("r1"));
  run_what_is_due();
  auto end = runs->end_of("r1");
  EXPECT_THAT(runs->abort(key_of("r1"), "", "disconnect"), ElementsAre("r1"));
  const auto outcome = run(as_task(std::move(*end)));
  EXPECT_EQ(outcome->status, RunStatus::aborted);
  EXPECT_EQ(outcome->started_ms, 0);
  EXPECT_EQ(model.asked(), 1u);
  EXPECT_EQ(runs->active(), 1u);
  EXPECT_EQ(status_of("r1"), "no such run");
  EXPECT_FALSE(session(key_of("r1")));
  EXPECT_THAT(asker->told, ElementsAre("r1 ended aborted"));
  EXPECT_THAT(witness.told, Not(Contains(StartsWith("r1"))));
}

TEST_F(OneOff, ThatWaitsGoesOnWhenThereIsRoom) {
  let_one_run_at_once();
  start_held("r0");
  accepted(own("r1"));
  auto end = runs->end_of("r1");
  model.release_all();
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::done);
  EXPECT_THAT(model.heard(), ElementsAre("hello", "hello"));
}

}  // namespace
}  // namespace omenia::test
