// A run ends when it is told to, when its time is over, and when there are too many it does not begin.
#include "tests/unit/agents/runs_fixture.h"

namespace omenia::test {
namespace {

using agents::RunStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr const char* main_key = "agent:main:main";

class AStop : public RunsTest {};

TEST_F(AStop, EndsARunWithWhatItHasSaid) {
  start_held("r1");
  auto end = runs->end_of("r1");
  EXPECT_THAT(runs->abort(main_key, "r1", "rpc"), ElementsAre("r1"));
  const auto outcome = run(as_task(std::move(*end)));
  EXPECT_EQ(outcome->status, RunStatus::aborted);
  EXPECT_EQ(outcome->stop_reason, "rpc");
  EXPECT_EQ(outcome->text, "a part");
  EXPECT_FALSE(outcome->error);
  EXPECT_EQ(status_of("r1"), "aborted");
  ASSERT_EQ(transcript().size(), 2u);
  EXPECT_THAT(transcript()[1], HasSubstr("a part"));
  EXPECT_THAT(transcript()[1], HasSubstr(R"("stopReason":"aborted")"));
}

TEST_F(AStop, EndsAQueuedRunThatLeavesNoTrace) {
  start_held("r1");
  accepted(request("r2", "never said"));
  auto end = runs->end_of("r2");
  EXPECT_THAT(runs->abort(main_key, "r2", "rpc"), ElementsAre("r2"));
  const auto outcome = run(as_task(std::move(*end)));
  EXPECT_EQ(outcome->status, RunStatus::aborted);
  EXPECT_EQ(outcome->started_ms, 0);
  EXPECT_EQ(status_of("r2"), "aborted");
  EXPECT_EQ(transcript().size(), 1u);
  EXPECT_EQ(runs->active(), 1u);
}

TEST_F(AStop, LetsTheNextOfTheSessionGo) {
  start_held("r1");
  accepted(request("r2", "second"));
  accepted(request("r3", "third"));
  auto end = runs->end_of("r3");
  runs->abort(main_key, "r2", "rpc");
  runs->abort(main_key, "r1", "rpc");
  model.release_all();
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::done);
  EXPECT_THAT(model.heard(), ElementsAre("hello", "third"));
}

TEST_F(AStop, OfASessionEndsAllOfItsRuns) {
  start_held("r1");
  accepted(request("r2"));
  accepted(request("elsewhere", "x", "thread"));
  EXPECT_THAT(runs->abort(main_key, "", "rpc"), UnorderedElementsAre("r1", "r2"));
  run_until([&] { return runs->active() == 1; });
  EXPECT_TRUE(runs->find("elsewhere"));
}

TEST_F(AStop, IsDoneOnce) {
  start_held("r1");
  auto end = runs->end_of("r1");
  EXPECT_THAT(runs->abort(main_key, "r1", "first"), ElementsAre("r1"));
  EXPECT_THAT(runs->abort(main_key, "r1", "second"), IsEmpty());
  EXPECT_EQ(run(as_task(std::move(*end)))->stop_reason, "first");
}

TEST_F(AStop, OfWhatIsNotThereIsNothing) {
  start_held("r1");
  EXPECT_THAT(runs->abort(main_key, "r2", "rpc"), IsEmpty());
  EXPECT_THAT(runs->abort("agent:main:thread", "r1", "rpc"), IsEmpty());
  EXPECT_THAT(runs->abort("", "", "rpc"), IsEmpty());
  EXPECT_THAT(runs->abort("agent:main", "", "rpc"), IsEmpty());
  EXPECT_EQ(runs->active(), 1u);
}

TEST_F(AStop, RightAfterTheAcceptanceIsObeyed) {
  model.hold();
  accepted(request("r1"));
  auto end = runs->end_of("r1");
  runs->abort(main_key, "r1", "rpc");
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::aborted);
}

// At each thing a run does somebody may have had enough.
TEST_F(AStop, AtAnyPointEndsTheRunOnce) {
  struct Stopper final : agents::RunObserver {
    Stopper(std::string at, std::function<void(std::string)> stop) : at(std::move(at)), stop(std::move(stop)) {}
    void reached(const agents::Run& run, const char* point) {
      if (at == point) stop(run.request.run_id);
    }
    void preparing(agents::Run& run, std::string_view) override { reached(run, "preparing"); }
    void started(agents::Run& run) override { reached(run, "started"); }
    void model_called(agents::Run& run) override { reached(run, "model called"); }
    void text_added(agents::Run& run, std::string_view) override { reached(run, "text added"); }
    void stored(agents::Run& run, const state::EntryRow&) override { reached(run, "stored"); }
    void ended(agents::Run&, const agents::RunOutcome&) override { ++ends; }
    std::string at;
    std::function<void(std::string)> stop;
    int ends = 0;
  };
  const auto stop = [this](std::string id) { loop.post([this, id] { runs->abort(main_key, id, "rpc"); }); };
  int number = 0;
  for (const char* point : {"preparing", "started", "model called", "text added", "stored"}) {
    const auto stopper = std::make_shared<Stopper>(point, stop);
    auto watched = request("r" + std::to_string(++number));
    watched.observer = stopper;
    const std::string id = watched.run_id;
    model.hold();
    accepted(std::move(watched));
    const auto outcome = end_of(id);
    EXPECT_EQ(outcome->status, RunStatus::aborted) << point;
    EXPECT_EQ(status_of(id), "aborted") << point;
    EXPECT_EQ(stopper->ends, 1) << point;
    model.release_all();
  }
}

TEST_F(AStop, ComesByItselfWhenTheTimeIsOver) {
  model.hold();
  auto short_lived = request("r1");
  short_lived.timeout_ms = 1;
  const auto outcome = finished(std::move(short_lived));
  EXPECT_EQ(outcome->status, RunStatus::timed_out);
  EXPECT_EQ(outcome->stop_reason, "timeout");
  ASSERT_TRUE(outcome->error);
  EXPECT_EQ(outcome->error->code, ErrorCode::run_timeout);
  EXPECT_EQ(status_of("r1"), "timed_out");
  EXPECT_EQ(session()->last_run_status, "timed_out");
}

TEST_F(AStop, DoesNotComeByItselfWithoutALimit) {
  auto patient = std::make_shared<Config>(*config);
  patient->run_timeout_seconds = 0;
  config = patient;
  EXPECT_EQ(finished(request("r1"))->status, RunStatus::done);
  auto none = request("r2");
  none.timeout_ms = 0;
  EXPECT_EQ(finished(std::move(none))->status, RunStatus::done);
}

TEST_F(AStop, ComesWithTheWorkersEnd) {
  start_held("r1");
  accepted(request("r2"));
  auto end = runs->end_of("r1");
  runs.reset();
  run_what_is_due();
  EXPECT_FALSE(witness.has_seen("r1 ended aborted"));
  EXPECT_EQ(status_of("r1"), "running");
}

TEST_F(AStop, IsNotNeededForWhatIsTooMuchForASession) {
  start_held("r0");
  for (std::size_t i = 0; i < limits::lane_queue_max; ++i)
    ASSERT_EQ(accepted(request("q" + std::to_string(i))).kind, Kind::accepted);
  const auto refused = submit(request("one more"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(refused.error().retry_after_ms);
  EXPECT_EQ(status_of("one more"), "no such run");
  EXPECT_EQ(submit(request("elsewhere", "x", "thread")).ok(), true);
}

TEST_F(AStop, IsNotNeededForWhatIsTooMuchForAll) {
  model.hold();
  std::vector<Pending<Result<agents::Submission>>> answers;
  for (std::size_t i = 0; i <= limits::runs_active_max; ++i)
    answers.push_back(runs->submit(request("r" + std::to_string(i), "x", "s" + std::to_string(i))));
  for (std::size_t i = 0; i < limits::runs_active_max; ++i) EXPECT_TRUE(run(as_task(std::move(answers[i]))).ok()) << i;
  const auto refused = run(as_task(std::move(answers.back())));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
}

TEST_F(AStop, IsNotNeededForABurst) {
  start_held("r0");
  std::vector<Pending<Result<agents::Submission>>> answers;
  for (std::size_t i = 0; i < 2 * limits::lane_queue_max; ++i)
    answers.push_back(runs->submit(request("b" + std::to_string(i))));
  std::size_t taken = 0;
  for (auto& answer : answers) taken += run(as_task(std::move(answer))).ok() ? 1 : 0;
  EXPECT_EQ(taken, limits::lane_queue_max);
  EXPECT_FALSE(submit(request("one more")).ok());
}

}  // namespace
}  // namespace omenia::test
