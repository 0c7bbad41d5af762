// Recovery: a worker takes up what the one before it had accepted, and ends what that one had begun.
#include "tests/unit/agents/runs_fixture.h"

namespace omenia::test {
namespace {

using agents::RunOutcome;
using agents::RunStatus;
using testing::ElementsAre;
using testing::HasSubstr;

class LeftOver : public RunsTest {
 protected:
  void recover() {
    run([](agents::Runs* runs) -> Task<bool> {
      auto recovering = runs->recover();
      co_await std::move(recovering);
      co_return true;
    }(runs.get()));
  }
  void next_worker(std::int64_t generation = 2) {
    begin_worker(generation);
    model.release_all();
    recover();
  }
  void put(state::RunRow row) {
    const auto written = run(as_task(store->write<bool>([row](state::Tables& tables) -> Result<bool> {
      TRY(tables.runs.accept(row));
      return true;
    })));
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  static state::RunRow row_named(std::string run_id, std::string request_json) {
    state::RunRow row;
    row.run_id = std::move(run_id);
    row.session_key = "agent:main:main";
    row.session_id = "a-session";
    row.agent_id = "main";
    row.origin = "agent";
    row.request = std::move(request_json);
    row.generation = 1;
    row.accepted_ms = 100;
    return row;
  }
};

TEST_F(LeftOver, RunsWhoseImagesAreGoneAreInterrupted) {
  agents::RunRequest with_images = request("r1");
  with_images.images = {{"image/png", "iVBO"}};
  start_held("r0");
  accepted(std::move(with_images));
  next_worker();
  EXPECT_EQ(status_of("r1"), "interrupted");
  EXPECT_EQ(model.asked(), 1u);
}

TEST_F(LeftOver, RunsThatHadBegunAreInterruptedAndNotRepeated) {
  start_held("r1");
  next_worker();
  EXPECT_EQ(status_of("r1"), "interrupted");
  const auto outcome = RunOutcome::from_json(row_of("r1")->result).value();
  EXPECT_EQ(outcome.status, RunStatus::interrupted);
  EXPECT_EQ(outcome.error->code, ErrorCode::run_interrupted);
  EXPECT_GT(outcome.started_ms, 0);
  EXPECT_GE(outcome.ended_ms, outcome.started_ms);
  EXPECT_EQ(model.asked(), 1u);
  EXPECT_EQ(session()->last_run_status, "interrupted");
  ASSERT_EQ(transcript().size(), 2u);
  EXPECT_THAT(transcript()[1], HasSubstr("restarted"));
}

TEST_F(LeftOver, RunsThatHadNotBegunAreTakenUpInTheirOrder) {
  start_held("r1");
  for (const char* id : {"r2", "r3", "r4"}) accepted(request(id, std::string("message of ") + id));
  next_worker();
  auto last = runs->end_of("r4");
  ASSERT_TRUE(last);
  EXPECT_EQ(run(as_task(std::move(*last)))->status, RunStatus::done);
  EXPECT_THAT(model.heard(), ElementsAre("hello", "message of r2", "message of r3", "message of r4"));
  for (const char* id : {"r2", "r3", "r4"}) EXPECT_EQ(status_of(id), "done") << id;
}

TEST_F(LeftOver, RunsAreTakenUpWithAllTheyWereAskedWith) {
  start_held("r1");
  auto rich = request("r2", "日本語 \"quoted\" \n");
  rich.extra_system = "be brief";
  rich.sampling.temperature = 0.25;
  rich.sampling.stop = {"END"};
  accepted(std::move(rich));
  next_worker();
  run_until([this] { return runs->active() == 0; });
  const auto lines = model.conversation(1);
  EXPECT_THAT(lines.front(), HasSubstr("be brief"));
  EXPECT_EQ(lines.back(), "user: 日本語 \"quoted\" \n");
}

TEST_F(LeftOver, EndedRunsAreLeftAlone) {
  const auto outcome = finished(request("r1"));
  next_worker();
  EXPECT_EQ(row_of("r1")->result, outcome->to_json());
  EXPECT_EQ(runs->active(), 0u);
  EXPECT_EQ(transcript().size(), 2u);
}

TEST_F(LeftOver, RunsOfThisWorkerAreLeftAlone) {
  begin_worker(2);
  start_held("r1");
  recover();
  EXPECT_EQ(status_of("r1"), "running");
  EXPECT_EQ(runs->active(), 1u);
}

TEST_F(LeftOver, RunsAreDealtWithOnce) {
  start_held("r1");
  accepted(request("r2"));
  next_worker();
  recover();
  run_until([this] { return runs->active() == 0; });
  recover();
  EXPECT_EQ(model.asked(), 2u);
  EXPECT_EQ(runs->active(), 0u);
}

TEST_F(LeftOver, RunsOfSeveralDeadWorkersAreDealtWith) {
  start_held("r1");
  accepted(request("r2"));
  begin_worker(2);
  accepted(request("r3", "x", "thread"));
  next_worker(3);
  EXPECT_EQ(status_of("r1"), "interrupted");
  run_until([&] { return runs->active() == 0; });
  EXPECT_EQ(status_of("r2"), "done");
  EXPECT_NE(status_of("r3"), "accepted");
}

// Whatever worker adopted them meanwhile: one that died right after it would otherwise have turned their order round.
TEST_F(LeftOver, RunsKeepTheirOrderHoweverOftenTheyAreAdopted) {
  start_held("r1");
  for (const char* id : {"r2", "r3", "r4"}) accepted(request(id, std::string("message of ") + id));
  const auto adopted = run(as_task(store->write<bool>([](state::Tables& tables) -> Result<bool> {
    TRY(tables.runs.adopt("r2", 2));
    return true;
  })));
  ASSERT_TRUE(adopted.ok());
  next_worker(3);
  run_until([&] { return runs->active() == 0; });
  EXPECT_THAT(model.heard(), ElementsAre("hello", "message of r2", "message of r3", "message of r4"));
}

// The worker that had it drained when the newer one was accepted, and has died since.
TEST_F(LeftOver, RunsComeBeforeANewerOneThatHasItsLaneAlready) {
  begin_worker(2);
  model.release_all();
  finished(request("r0"));
  auto earlier = row_named("earlier", request("earlier", "the earlier message").to_json());
  earlier.session_id = session()->session_id;
  put(earlier);
  accepted(request("newer", "the newer message"));
  run_until([&] { return witness.has_seen("newer preparing preparing_context"); });
  recover();
  run_until([&] { return runs->active() == 0; });
  EXPECT_THAT(model.heard(), ElementsAre("hello", "the earlier message", "the newer message"));
  EXPECT_EQ(std::count(witness.told.begin(), witness.told.end(), "newer preparing preparing_context"), 1);
}

TEST_F(LeftOver, RunsThatCannotBeReadEndAllTheSame) {
  finished(request("r0"));  // Makes the session.
  int number = 0;
  for (const char* broken : {"", "no json", "{", "[]", "null", "{}", R"({"sessionKey":""})", R"({"sessionKey":7})",
                             R"({"sessionKey":"agent:"})"}) {
    auto row = row_named("broken" + std::to_string(++number), broken);
    row.session_id = session()->session_id;
    put(row);
  }
  next_worker();
  for (; number > 0; --number) EXPECT_EQ(status_of("broken" + std::to_string(number)), "interrupted") << number;
}

TEST_F(LeftOver, NothingIsNothing) {
  next_worker();
  EXPECT_EQ(runs->active(), 0u);
}

TEST_F(LeftOver, RunsCanBeStoppedAgain) {
  start_held("r1");
  accepted(request("r2"));
  begin_worker(2);
  recover();
  run_until([&] { return model.asked() == 2; });
  auto end = runs->end_of("r2");
  EXPECT_THAT(runs->abort("agent:main:main", "r2", "rpc"), ElementsAre("r2"));
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::aborted);
}

}  // namespace
}  // namespace omenia::test
