// The command socket answers a restart when it is done, from every state in which one can be done.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>

#include <ctime>

#include "shared/os/local_socket.h"
#include "shared/protocol/command.h"
#include "tests/support/deadline.h"
#include "tests/unit/supervisor/supervisor_process.h"

namespace omenia::supervisor {
namespace {

// The answer to one request.
std::string ask(const Ground& ground, const std::string& request) {
  auto socket = connect_local(command_socket_path(ground.launch.state_dir));
  if (!socket.ok()) return socket.error().message;
  std::string answered;
  const auto asked = ask_supervisor(std::move(socket).value(), request, test::wait_ms_max,
                                    [&answered](JsonView answer, ControlChannel&) {
                                      answered = answer.dump();
                                      return true;
                                    });
  return asked.ok() ? answered : asked.error().message;
}

constexpr const char* restart = R"({"type":"restart","protocol":1})";

TEST(RestartCommand, ReleasesAHeldGateway) {
  Ground ground;
  ground.worker = "dies,dies,serves";
  ground.rules.tally_max = 2;
  ground.rules.delay_ms_min = 1;
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says("held: "));
  const std::string answer = ask(ground, restart);
  EXPECT_NE(answer.find(R"("ok":true)"), std::string::npos) << answer;
  EXPECT_NE(answer.find("worker 3 (pid"), std::string::npos) << answer;
}

TEST(RestartCommand, TellsAFailedOneWithItsReason) {
  Ground ground;
  ground.worker = "serves,refuses,serves";
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  const std::string answer = ask(ground, restart);
  EXPECT_NE(answer.find(R"("ok":false)"), std::string::npos) << answer;
  EXPECT_NE(answer.find("set gateway.mode=local"), std::string::npos) << answer;
}

TEST(RestartCommand, AnotherReleaseAndAnUnknownCommandAreRefusedInWords) {
  const Ground ground;
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  EXPECT_NE(ask(ground, R"({"type":"restart","protocol":2})").find("of another release"), std::string::npos);
  EXPECT_NE(ask(ground, R"({"type":"dance","protocol":1})").find("no such command"), std::string::npos);
}

std::int64_t processor_ms_of(pid_t process) {
  clockid_t clock{};
  timespec spent{};
  EXPECT_EQ(::clock_getcpuclockid(process, &clock), 0);
  EXPECT_EQ(::clock_gettime(clock, &spent), 0);
  return std::int64_t{spent.tv_sec} * 1000 + spent.tv_nsec / 1'000'000;
}

TEST(RestartCommand, IsHeardOnceTheSystemHasADescriptorForIt) {
  const Ground ground;
  const auto supervisor = SupervisorProcess::quick(ground);
  ASSERT_TRUE(supervisor.says(") ready"));
  rlimit before{};
  ASSERT_EQ(::prlimit(supervisor.pid(), RLIMIT_NOFILE, nullptr, &before), 0);
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(::prlimit(supervisor.pid(), RLIMIT_NOFILE, &none, nullptr), 0);
  auto socket = connect_local(command_socket_path(ground.launch.state_dir));
  ASSERT_TRUE(socket.ok());
  constexpr int watched_ms = 300;
  const std::int64_t start_ms = processor_ms_of(supervisor.pid());
  pollfd answered{socket.value().get(), POLLIN, 0};
  EXPECT_EQ(::poll(&answered, 1, watched_ms), 0);
  EXPECT_LT(processor_ms_of(supervisor.pid()) - start_ms, watched_ms / 3) << "it looks again and again";
  ASSERT_EQ(::prlimit(supervisor.pid(), RLIMIT_NOFILE, &before, nullptr), 0);
  EXPECT_NE(ask(ground, R"({"type":"dance","protocol":1})").find("no such command"), std::string::npos);
}

}  // namespace
}  // namespace omenia::supervisor
