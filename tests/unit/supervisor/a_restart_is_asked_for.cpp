// The command socket answers a restart when it is done, from every state in which one can be done.
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace omenia::supervisor
