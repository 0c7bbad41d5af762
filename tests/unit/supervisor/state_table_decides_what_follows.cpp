// The table of states, driven by events alone: what each state does, and which follows.
#include <gmock/gmock.h>

#include <vector>

#include "supervisor/states.h"

namespace omenia::supervisor {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// Notes what the cells do, as short words.
class Recorder : public Actions {
 public:
  std::int64_t now_ms() override { return time_ms; }
  Result<void> spawn_worker() override {
    done.push_back("spawn");
    if (!spawn_works) return fail(ErrorCode::system, "cannot start the worker");
    return {};
  }
  std::string worker_name() override { return "worker 1"; }
  void tell_drain(int) override { done.push_back("tell drain"); }
  void tell_stop() override { done.push_back("tell stop"); }
  void kill_worker() override { done.push_back("kill"); }
  void capture_worker() override { done.push_back("capture"); }
  Result<void> spawn_next() override {
    done.push_back("spawn next");
    if (!spawn_works) return fail(ErrorCode::system, "cannot start the worker");
    return {};
  }
  std::string next_name() override { return "worker 2"; }
  void promote_next() override { done.push_back("promote next"); }
  void drop_next() override { done.push_back("drop next"); }
  void tell_swap_failed(const std::string&) override { done.push_back("tell swap failed"); }
  void look_at_config() override { done.push_back("look at config"); }
  bool degrade() override { return !std::exchange(degraded, true); }
  void start_deadline(std::int64_t delay_ms) override { deadline_ms = delay_ms; }
  void stop_deadline() override { deadline_ms = -1; }
  void close_listeners() override { done.push_back("close listeners"); }
  void open_held(const std::string& reason) override {
    done.push_back("open held");
    held_reason = reason;
  }
  void close_held() override { done.push_back("close held"); }
  void notify(const std::string& message) override { notes.push_back(message); }
  void complain(const std::string& message) override { complaints.push_back(message); }
  void end(int code) override { exit_code = code; }

  std::int64_t time_ms = 1'000;
  bool spawn_works = true;
  bool degraded = false;
  std::int64_t deadline_ms = -1;
  int exit_code = -1;
  std::string held_reason;
  std::vector<std::string> done;
  std::vector<std::string> notes;
  std::vector<std::string> complaints;
};

class StateTable : public ::testing::Test {
 protected:
  void happen(Event event, const Fact& fact = {}) {
    world.done.clear();
    machine.handle(event, fact);
  }
  void begin_serving() {
    machine.begin();
    happen(Event::ready);
  }
  void die_early(int times) {
    for (int i = 0; i < times; ++i) {
      happen(Event::died, {"worker 1 exited with code 3", 3});
      if (machine.state() == State::delayed) happen(Event::deadline);
    }
  }

  Recorder world;
  Machine machine{world, Logger(), RestartPolicy(), Deadlines{}};
};

TEST_F(StateTable, AWorkerIsSpawnedAndServesWhenItIsReady) {
  machine.begin();
  EXPECT_THAT(world.done, ElementsAre("spawn"));
  EXPECT_EQ(world.deadline_ms, limits::worker_start_ms_max);
  happen(Event::ready);
  EXPECT_EQ(machine.state(), State::serving);
  EXPECT_EQ(world.deadline_ms, -1);
  EXPECT_THAT(world.notes, ElementsAre("READY=1\nSTATUS=worker 1 ready"));
}

TEST_F(StateTable, AWorkerThatDiesAfterALongTimeIsReplacedAtOnce) {
  begin_serving();
  world.time_ms += limits::crash_early_ms;
  happen(Event::died, {"worker 1 was ended by signal 9", 137});
  EXPECT_THAT(world.done, ElementsAre("spawn"));
  EXPECT_EQ(machine.state(), State::starting);
}

TEST_F(StateTable, TheSecondEarlyDeathWaits) {
  machine.begin();
  happen(Event::died, {"first", 3});
  EXPECT_THAT(world.done, ElementsAre("spawn"));
  happen(Event::died, {"second", 3});
  EXPECT_THAT(world.done, IsEmpty());
  EXPECT_EQ(machine.state(), State::delayed);
  EXPECT_EQ(world.deadline_ms, limits::restart_delay_ms_min);
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("spawn"));
}

TEST_F(StateTable, TooManyEarlyDeathsAreHeldWithTheLastCause) {
  machine.begin();
  die_early(limits::crash_tally_max);
  EXPECT_EQ(machine.state(), State::held);
  EXPECT_THAT(world.done, ElementsAre("open held"));
  EXPECT_THAT(world.held_reason, ::testing::HasSubstr("worker 1 exited with code 3"));
  EXPECT_EQ(world.exit_code, -1);
}

TEST_F(StateTable, ASwapSignalReleasesTheHeldAndForgivesTheTally) {
  machine.begin();
  die_early(limits::crash_tally_max);
  happen(Event::swap);
  EXPECT_THAT(world.done, ElementsAre("close held", "spawn"));
  happen(Event::died);
  EXPECT_EQ(machine.state(), State::starting);
}

TEST_F(StateTable, AChangeOfTheConfigurationReleasesTheHeldToo) {
  machine.begin();
  die_early(limits::crash_tally_max);
  happen(Event::reload);
  EXPECT_THAT(world.done, ElementsAre("close held", "spawn"));
}

TEST_F(StateTable, AHeldSupervisorStopsAtOnce) {
  machine.begin();
  die_early(limits::crash_tally_max);
  happen(Event::stop, {"SIGTERM"});
  EXPECT_EQ(world.exit_code, 0);
}

TEST_F(StateTable, AFirstRefusalEndsTheStartWithItsWordsAndItsExitCode) {
  machine.begin();
  happen(Event::refused, {"Gateway start blocked", 78});
  EXPECT_THAT(world.complaints, ElementsAre("Gateway start blocked"));
  EXPECT_EQ(world.exit_code, -1) << "the worker is still there";
  happen(Event::died, {"worker 1 exited with code 78", 78});
  EXPECT_EQ(world.exit_code, 78);
}

TEST_F(StateTable, ARefusingWorkerThatStaysIsKilled) {
  machine.begin();
  happen(Event::refused, {"no", 1});
  EXPECT_THAT(world.done, ElementsAre("tell stop"));
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("kill"));
}

TEST_F(StateTable, ALaterRefusalIsFollowedByAStartWithTheLastGoodConfiguration) {
  begin_serving();
  happen(Event::died);
  happen(Event::refused, {"Invalid config", 78});
  EXPECT_TRUE(world.degraded);
  EXPECT_THAT(world.done, ElementsAre("kill"));
  happen(Event::died, {"worker 2 was ended by signal 9", 137});
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("spawn"));
  happen(Event::ready);
  EXPECT_EQ(machine.state(), State::serving);
}

TEST_F(StateTable, ARefusalOfTheLastGoodConfigurationIsHeldAndKeepsThePort) {
  world.degraded = true;
  begin_serving();
  happen(Event::died);
  happen(Event::refused, {"Invalid config", 78});
  EXPECT_EQ(machine.state(), State::held);
  EXPECT_THAT(world.complaints, IsEmpty());
  EXPECT_THAT(world.held_reason, Not(::testing::HasSubstr("Invalid config"))) << "strangers read this";
  happen(Event::died, {"worker 1 exited with code 78", 78});
  EXPECT_EQ(machine.state(), State::held);
  EXPECT_EQ(world.deadline_ms, -1);
}

TEST_F(StateTable, AWorkerThatIsNotReadyInTimeIsKilledAndCounted) {
  machine.begin();
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("kill"));
  happen(Event::died, {"killed", 137});
  EXPECT_THAT(world.done, ElementsAre("spawn"));
}

TEST_F(StateTable, AWorkerThatBreaksItsChannelIsKilled) {
  begin_serving();
  happen(Event::lost, {"a control message has no type"});
  EXPECT_THAT(world.done, ElementsAre("kill"));
  EXPECT_EQ(machine.state(), State::serving) << "until it is dead";
}

TEST_F(StateTable, HeartbeatsAreExpectedOnceOneHasCome) {
  begin_serving();
  happen(Event::heartbeat);
  EXPECT_EQ(world.deadline_ms, limits::worker_silent_ms_max);
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("capture"));
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("kill"));
}

TEST_F(StateTable, AHeartbeatAfterTheCaptureSavesTheWorker) {
  begin_serving();
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("capture"));
  happen(Event::heartbeat);
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("capture")) << "a second silence begins anew";
}

TEST_F(StateTable, AStopDrainsThenLeavesThenEndsCleanly) {
  begin_serving();
  happen(Event::stop, {"SIGTERM"});
  EXPECT_THAT(world.done, ElementsAre("close listeners", "tell drain"));
  EXPECT_EQ(world.deadline_ms, limits::stop_drain_ms + limits::stop_close_ms) << "its clients are told, too";
  EXPECT_THAT(world.notes, Contains("STOPPING=1"));
  happen(Event::drained);
  EXPECT_THAT(world.done, ElementsAre("tell stop"));
  EXPECT_EQ(world.deadline_ms, limits::worker_leave_ms_max);
  happen(Event::died, {"worker 1 exited with code 0", 0});
  EXPECT_EQ(world.exit_code, 0);
  EXPECT_EQ(machine.state(), State::ended);
}

TEST_F(StateTable, AWorkerThatIsNotDrainedInTimeIsToldToLeaveAndThenKilled) {
  begin_serving();
  happen(Event::stop, {"SIGTERM"});
  world.time_ms += world.deadline_ms;
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("tell stop"));
  EXPECT_EQ(world.deadline_ms, limits::stop_escalate_ms - limits::stop_drain_ms - limits::stop_close_ms);
  happen(Event::deadline);
  EXPECT_THAT(world.done, ElementsAre("kill"));
  happen(Event::died, {"killed", 137});
  EXPECT_EQ(world.exit_code, 1);
}

TEST_F(StateTable, AClosingChannelDuringAStopIsNoReasonToKill) {
  begin_serving();
  happen(Event::stop, {"SIGTERM"});
  happen(Event::lost, {"closed"});
  EXPECT_THAT(world.done, IsEmpty());
}

TEST_F(StateTable, ASecondStopChangesNothing) {
  begin_serving();
  happen(Event::stop, {"SIGTERM"});
  happen(Event::stop, {"SIGTERM"});
  EXPECT_THAT(world.done, IsEmpty());
  EXPECT_EQ(machine.state(), State::draining);
}

TEST_F(StateTable, AStopBeforeReadyDoesNotDrain) {
  machine.begin();
  happen(Event::stop, {"SIGINT"});
  EXPECT_THAT(world.done, ElementsAre("close listeners", "tell stop"));
}

TEST_F(StateTable, AStopBetweenTwoWorkersEndsAtOnce) {
  machine.begin();
  happen(Event::died);
  happen(Event::died);
  ASSERT_EQ(machine.state(), State::delayed);
  happen(Event::stop, {"SIGTERM"});
  EXPECT_EQ(world.exit_code, 0);
}

TEST_F(StateTable, AFirstWorkerThatCannotBeSpawnedEndsTheStart) {
  world.spawn_works = false;
  machine.begin();
  EXPECT_EQ(machine.state(), State::ended);
  EXPECT_EQ(world.exit_code, 1);
  EXPECT_THAT(world.complaints, ElementsAre("Gateway failed to start: cannot start the worker"));
}

TEST_F(StateTable, ALaterWorkerThatCannotBeSpawnedIsTriedAgain) {
  begin_serving();
  world.spawn_works = false;
  happen(Event::died);
  EXPECT_EQ(machine.state(), State::delayed);
  world.spawn_works = true;
  happen(Event::deadline);
  EXPECT_EQ(machine.state(), State::starting);
}

class SwappingTable : public StateTable {
 protected:
  void SetUp() override {
    begin_serving();
    happen(Event::swap, {"SIGUSR1"});
  }
};

TEST_F(SwappingTable, TheNextWorkerStartsBesideTheServingOne) {
  EXPECT_THAT(world.done, ElementsAre("spawn next"));
  EXPECT_EQ(machine.state(), State::swapping);
}

TEST_F(SwappingTable, TheNextWorkerServesWhenItIsReady) {
  happen(Event::next_ready);
  EXPECT_THAT(world.done, ElementsAre("promote next"));
  EXPECT_EQ(machine.state(), State::serving);
  EXPECT_EQ(world.deadline_ms, limits::worker_silent_ms_max);
}

TEST_F(SwappingTable, ANextWorkerThatFailsLeavesTheOldOneServing) {
  for (const Event failure : {Event::next_refused, Event::next_died, Event::next_late}) {
    happen(failure, {"worker 2 exited with code 3", 3});
    EXPECT_THAT(world.done, ElementsAre("drop next", "tell swap failed"));
    EXPECT_EQ(machine.state(), State::serving);
    happen(Event::swap, {"SIGUSR1"});
  }
  EXPECT_EQ(world.exit_code, -1);
}

TEST_F(SwappingTable, AnotherSwapWaitsForThisOne) {
  happen(Event::swap, {"SIGUSR2"});
  EXPECT_THAT(world.done, IsEmpty());
  happen(Event::next_ready);
  EXPECT_THAT(world.done, ElementsAre("promote next", "spawn next"));
  EXPECT_EQ(machine.state(), State::swapping);
  happen(Event::next_ready);
  EXPECT_EQ(machine.state(), State::serving);
}

TEST_F(SwappingTable, TheNextWorkerTakesThePlaceOfOneThatDies) {
  happen(Event::died, {"worker 1 was ended by signal 9", 137});
  EXPECT_THAT(world.done, ElementsAre("promote next"));
  EXPECT_EQ(machine.state(), State::starting);
  happen(Event::ready);
  EXPECT_EQ(machine.state(), State::serving);
}

TEST_F(SwappingTable, AStopDropsTheNextWorkerAndDrainsTheOther) {
  happen(Event::stop, {"SIGTERM"});
  EXPECT_THAT(world.done, ElementsAre("drop next", "close listeners", "tell drain"));
  EXPECT_EQ(machine.state(), State::draining);
}

TEST_F(StateTable, ASwapDuringTheFirstStartWaitsUntilItServes) {
  machine.begin();
  happen(Event::swap, {"SIGUSR1"});
  EXPECT_THAT(world.done, IsEmpty());
  happen(Event::ready);
  EXPECT_THAT(world.done, ElementsAre("spawn next"));
}

TEST_F(StateTable, ANextWorkerThatCannotBeSpawnedChangesNothing) {
  begin_serving();
  world.spawn_works = false;
  happen(Event::swap, {"SIGUSR1"});
  EXPECT_EQ(machine.state(), State::serving);
}

TEST_F(StateTable, EveryStateAnswersEveryEvent) {
  const auto bring_to = [](State wanted, Machine& machine, Recorder&) {
    machine.begin();
    if (wanted == State::starting) return;
    if (wanted == State::delayed || wanted == State::held)
      for (int i = 0; machine.state() != wanted && i < 20; ++i)
        machine.handle(machine.state() == State::delayed ? Event::deadline : Event::died, {});
    if (wanted == State::delayed || wanted == State::held) return;
    machine.handle(Event::ready, {});
    if (wanted == State::serving) return;
    if (wanted == State::swapping) return machine.handle(Event::swap, {"SIGUSR1"});
    machine.handle(Event::stop, {"SIGTERM"});
    if (wanted == State::ending || wanted == State::ended) machine.handle(Event::drained, {});
    if (wanted == State::ended) machine.handle(Event::died, {});
  };
  for (int state = 0; state < state_count; ++state) {
    for (int event = 0; event < event_count; ++event) {
      Recorder recorder;
      Machine each{recorder, Logger(), RestartPolicy(), Deadlines{}};
      bring_to(static_cast<State>(state), each, recorder);
      ASSERT_EQ(each.state(), static_cast<State>(state));
      each.handle(static_cast<Event>(event), {"a fact", 1});
    }
  }
}

}  // namespace
}  // namespace omenia::supervisor
