// A stop drains the worker, asks again, then kills, each with its deadline.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/child_process.h"
#include "tests/support/deadline.h"
#include "tests/support/socket.h"
#include "tests/unit/supervisor/supervisor_process.h"

namespace omenia::supervisor {
namespace {

TEST(Stop, ADrainedWorkerMakesItClean) {
  const Ground ground;
  auto supervisor = SupervisorProcess::program(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  supervisor.signal(SIGTERM);
  EXPECT_TRUE(supervisor.says("received SIGTERM; shutting down"));
  EXPECT_TRUE(supervisor.says("completed cleanly in "));
  EXPECT_EQ(supervisor.wait(), 0);
}

TEST(Stop, InterruptIsTheSame) {
  const Ground ground;
  auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  supervisor.signal(SIGINT);
  EXPECT_EQ(supervisor.wait(), 0);
}

TEST(Stop, AWorkerThatIsNeverDrainedIsToldToLeave) {
  Ground ground;
  ground.worker = "lingers";
  ground.deadlines.stop_drain_ms = 50;
  ground.deadlines.stop_close_ms = 0;
  auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  supervisor.signal(SIGTERM);
  EXPECT_EQ(supervisor.wait(), 0);
  EXPECT_TRUE(supervisor.says("was not drained in time; telling it to leave"));
}

TEST(Stop, AWorkerThatIgnoresEverythingIsKilledAndTheStopIsNotClean) {
  Ground ground;
  ground.worker = "stays";
  ground.deadlines.stop_drain_ms = 50;
  ground.deadlines.stop_close_ms = 0;
  ground.deadlines.stop_escalate_ms = 100;
  auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  supervisor.signal(SIGTERM);
  EXPECT_EQ(supervisor.wait(), 1);
  EXPECT_TRUE(supervisor.says("did not leave; killing it"));
}

TEST(Stop, ASecondSignalIsIgnoredWithALine) {
  Ground ground;
  ground.worker = "lingers";
  ground.deadlines.stop_drain_ms = 1'000;
  ground.deadlines.stop_close_ms = 0;
  auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  supervisor.signal(SIGTERM);
  ASSERT_TRUE(supervisor.says("received SIGTERM; shutting down"));
  supervisor.signal(SIGTERM);
  EXPECT_TRUE(supervisor.says("received SIGTERM during shutdown; ignoring"));
  EXPECT_EQ(supervisor.wait(), 0);
}

TEST(Stop, AWorkerThatIsNotReadyYetIsNotDrained) {
  Ground ground;
  ground.worker = "hangs";
  ground.deadlines.worker_leave_ms = 50;
  auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(test::eventually([&] { return supervisor.worker_pid() > 0; }));
  supervisor.signal(SIGTERM);
  EXPECT_EQ(supervisor.wait(), 1);
  EXPECT_TRUE(supervisor.says("did not leave; killing it"));
}

TEST(Stop, AHeldSupervisorLeavesAtOnce) {
  Ground ground;
  ground.worker = "dies";
  ground.rules.tally_max = 1;
  auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says("held: "));
  supervisor.signal(SIGTERM);
  EXPECT_EQ(supervisor.wait(), 0);
}

}  // namespace
}  // namespace omenia::supervisor
