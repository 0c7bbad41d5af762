// Drain: nothing new is taken, what runs may end, what is left at the deadline is interrupted or left to the next
// worker.
#include "tests/unit/agents/runs_fixture.h"

namespace omenia::test {
namespace {

using agents::RunStatus;

constexpr std::int64_t long_ms = 600'000;

class ADrain : public RunsTest {
 protected:
  void drain(std::int64_t deadline_ms) {
    runs->stop_all_after(deadline_ms);
    runs->drain([this] { ++drained; });
  }
  int drained = 0;
};

TEST_F(ADrain, OfAnIdleWorkerIsOverAtOnceButNotWithinTheCall) {
  drain(long_ms);
  EXPECT_EQ(drained, 0);
  run_what_is_due();
  EXPECT_EQ(drained, 1);
}

TEST_F(ADrain, TakesNothingNew) {
  drain(long_ms);
  const auto refused = submit(request("r1"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::draining);
  EXPECT_EQ(status_of("r1"), "no such run");
}

TEST_F(ADrain, LetsWhatRunsEndFirst) {
  start_held("r1");
  accepted(request("r2", "queued"));
  drain(long_ms);
  run_what_is_due();
  EXPECT_EQ(drained, 0);
  model.release_all();
  run_until([&] { return drained > 0; });
  EXPECT_EQ(status_of("r1"), "done");
  EXPECT_EQ(status_of("r2"), "done");
  run_what_is_due();
  EXPECT_EQ(drained, 1);
}

TEST_F(ADrain, InterruptsAtTheDeadlineWhatHadStarted) {
  start_held("r1");
  auto end = runs->end_of("r1");
  drain(0);
  const auto outcome = run(as_task(std::move(*end)));
  EXPECT_EQ(outcome->status, RunStatus::interrupted);
  EXPECT_EQ(outcome->text, "a part");
  ASSERT_TRUE(outcome->error);
  EXPECT_EQ(outcome->error->code, ErrorCode::run_interrupted);
  run_until([&] { return drained > 0; });
  EXPECT_EQ(drained, 1);
  EXPECT_EQ(status_of("r1"), "interrupted");
}

TEST_F(ADrain, LeavesAtTheDeadlineWhatHadNotStartedToTheNext) {
  start_held("r1");
  accepted(request("r2", "queued"));
  drain(0);
  run_until([&] { return drained > 0; });
  EXPECT_EQ(status_of("r1"), "interrupted");
  EXPECT_EQ(status_of("r2"), "accepted");
  model.release_all();
  begin_worker(2);
  run([](agents::Runs* runs) -> Task<bool> {
    auto recovering = runs->recover();
    co_await std::move(recovering);
    co_return true;
  }(runs.get()));
  EXPECT_EQ(end_of("r2")->status, RunStatus::done);
}

TEST_F(ADrain, AnswersWhatWasOnItsWayWhenItsTurnHadCome) {
  auto answer = runs->submit(request("r1"));
  drain(long_ms);
  ASSERT_TRUE(run(as_task(std::move(answer))).ok());
  run_until([&] { return drained > 0; });
  EXPECT_EQ(status_of("r1"), "done");
  EXPECT_EQ(model.asked(), 1u);
}

TEST_F(ADrain, LeavesWhatWasOnItsWayToTheNextWhenOthersAreBeforeIt) {
  start_held("r1");
  auto answer = runs->submit(request("r2"));
  drain(long_ms);
  ASSERT_TRUE(run(as_task(std::move(answer))).ok());
  EXPECT_EQ(status_of("r2"), "accepted");
  EXPECT_EQ(model.asked(), 1u);
  EXPECT_EQ(drained, 0);
  model.release_all();
  run_until([&] { return drained > 0; });
  EXPECT_EQ(status_of("r1"), "done");
  EXPECT_EQ(status_of("r2"), "accepted");
}

}  // namespace
}  // namespace omenia::test
