// The supervisor keeps one worker serving, whatever happens to it, and never closes the port.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "tests/support/child_process.h"
#include "tests/support/deadline.h"
#include "tests/support/http_client.h"
#include "tests/unit/supervisor/supervisor_process.h"

namespace omenia::supervisor {
namespace {

// The process id of the worker that answers on the port; 0 when nobody does within the time.
pid_t answering_worker(int port) {
  test::Socket socket(port);
  std::string line;
  const test::Deadline deadline;
  while (line.find('\n') == std::string::npos)
    if (socket.receive(line, deadline) != test::Received::data) return 0;
  return std::stoi(line);
}

TEST(Supervisor, AWorkerServesTheInheritedSocket) {
  const Ground ground;
  const auto supervisor = SupervisorProcess::program(ground);
  ASSERT_TRUE(supervisor.says("worker 1 (pid"));
  EXPECT_EQ(answering_worker(ground.port()), supervisor.worker_pid());
}

TEST(Supervisor, AKilledWorkerIsReplacedAndNoConnectionIsRefused) {
  const Ground ground;
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  const pid_t first = answering_worker(ground.port());
  ASSERT_GT(first, 0);
  ::kill(first, SIGKILL);
  const pid_t second = answering_worker(ground.port());  // Waits in the backlog.
  EXPECT_GT(second, 0);
  EXPECT_NE(second, first);
  EXPECT_TRUE(supervisor.says("was ended by signal 9 (Killed); starting another now"));
}

TEST(Supervisor, AWorkerThatDiesWhileServingIsReplaced) {
  Ground ground;
  ground.worker = "serves_once,serves";
  ground.rules.early_ms = 0;
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  EXPECT_GT(answering_worker(ground.port()), 0);
  EXPECT_TRUE(supervisor.says("exited with code 7; starting another now"));
  EXPECT_TRUE(supervisor.says("worker 2 (pid"));
}

TEST(Supervisor, AWorkerThatDirectSignalsReachStays) {
  const Ground ground;
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  const pid_t worker = supervisor.worker_pid();
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::kill(worker, number);
  EXPECT_EQ(answering_worker(ground.port()), worker);
}

TEST(Supervisor, AWorkerThatDiesAgainAndAgainIsHeldAndThePortSaysSo) {
  Ground ground;
  ground.worker = "dies,dies,dies,serves";
  ground.rules.tally_max = 3;
  ground.rules.delay_ms_min = 1;
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says("held: "));
  const auto answer = test::http(ground.port(), {.target = "/v1/models"});
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find("exited with code 3"), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find("OmeniaClaw gateway restart"), std::string::npos);

  supervisor.signal(SIGUSR1);
  ASSERT_TRUE(supervisor.says("worker 4 (pid"));
  EXPECT_EQ(answering_worker(ground.port()), supervisor.worker_pid());
}

TEST(Supervisor, AWorkerThatHangsBeforeReadyIsKilledAndReplaced) {
  Ground ground;
  ground.worker = "hangs,serves";
  ground.deadlines.worker_start_ms = 50;
  const auto supervisor = SupervisorProcess::quick(ground);
  EXPECT_TRUE(supervisor.says("was not ready within 50 ms"));
  EXPECT_TRUE(supervisor.says("worker 2 (pid"));
}

TEST(Supervisor, AWorkerThatFallsSilentIsKilledAndReplaced) {
  Ground ground;
  ground.worker = "falls_silent,serves";
  ground.deadlines.worker_silent_ms = 500;
  const auto supervisor = SupervisorProcess::quick(ground);
  EXPECT_TRUE(supervisor.says("sent no heartbeat for 500 ms"));
  EXPECT_TRUE(supervisor.says("worker 2 (pid"));
}

TEST(Supervisor, ASilentWorkerIsCapturedBeforeItIsKilled) {
  Ground ground;
  ground.worker = "captured,serves";
  ground.deadlines.worker_silent_ms = 200;
  ground.deadlines.worker_capture_ms = 2'000;  // So long even a starved machine gives the worker a turn to say it.
  const auto supervisor = SupervisorProcess::quick(ground);
  EXPECT_TRUE(supervisor.says("capturing where it stands"));
  EXPECT_TRUE(supervisor.says("captured\n"));
  EXPECT_TRUE(supervisor.says("is silent still; killing it"));
  EXPECT_TRUE(supervisor.says("worker 2 (pid"));
  EXPECT_TRUE(std::filesystem::is_directory(ground.folder / "logs/stability"));
}

TEST(Supervisor, AWorkerThatBabblesIsKilledAndReplaced) {
  Ground ground;
  ground.worker = "babbles,serves";
  const auto supervisor = SupervisorProcess::quick(ground);
  EXPECT_TRUE(supervisor.says("a control message cannot be read"));
  EXPECT_TRUE(supervisor.says("worker 2 (pid"));
}

class SwapSignal : public ::testing::TestWithParam<int> {};

TEST_P(SwapSignal, ReplacesTheWorkerAndTheOldOneLeaves) {
  const Ground ground;
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  const pid_t worker = supervisor.worker_pid();
  supervisor.signal(GetParam());
  EXPECT_TRUE(supervisor.says("ready; worker 1 (pid " + std::to_string(worker) + ") drains"));
  EXPECT_TRUE(supervisor.says("worker 1 (pid " + std::to_string(worker) + ") exited with code 0 after its drain"));
  EXPECT_NE(supervisor.worker_pid(), worker);
}

INSTANTIATE_TEST_SUITE_P(Each, SwapSignal, ::testing::Values(SIGUSR1, SIGUSR2));

TEST(Supervisor, TheWorkerDiesWithItsSupervisor) {
  Ground ground;
  ground.worker = "stays";
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  const pid_t worker = supervisor.worker_pid();
  supervisor.signal(SIGKILL);
  EXPECT_TRUE(test::eventually([&] { return !test::process_exists(worker); }));
}

TEST(Supervisor, WhatItSaysIsInTheLogFileToo) {
  const Ground ground;
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  EXPECT_NE(test::read_file(ground.launch.log_file).find("ready\""), std::string::npos);
}

}  // namespace
}  // namespace omenia::supervisor
