// gateway --force: another gateway of the same state directory hands its port over, which never closes; a stranger is
// ended and named; anything else stays as it is.
#include <sys/stat.h>

#include <csignal>

#include "tests/flow/flow.h"
#include "tests/support/prober.h"

namespace omenia::test {
namespace {

class TakeOver : public Flow {
 protected:
  ChildProcess another(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"gateway", "--force"};
    words.insert(words.end(), more.begin(), more.end());
    return gateway_instance().command(words);
  }
  const Instance& gateway_instance() const { return const_cast<Gateway&>(gateway).instance(); }
  std::string log() const { return read_file(gateway_instance().log_path()); }
};

TEST_F(TakeOver, NoConnectionIsRefusedAndTheOldOneLeaves) {
  Prober prober(gateway.port());
  ChildProcess next = another();
  EXPECT_EQ(gateway.process().wait(), 0);
  ASSERT_TRUE(next.says("worker 1 (pid")) << next.errors();
  ASSERT_TRUE(next.says(") ready"));
  EXPECT_EQ(gateway.get("/readyz").status, 200);
  EXPECT_EQ(prober.refused(), 0);
  EXPECT_TRUE(next.says("(pid " + std::to_string(gateway.supervisor_pid()) + ") handed over its port"));
  next.signal(SIGTERM);
  EXPECT_EQ(next.wait(), 0);
}

TEST_F(TakeOver, ARunIsFinishedBeforeTheNextOneServes) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:gated:force", "run-1", "through"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  ChildProcess next = another();
  ASSERT_TRUE(next.says("handed over its port"));
  mock.open_gate();
  EXPECT_EQ(client.find(ends_chat)["payload"]["state"].text(), "final");
  EXPECT_EQ(gateway.process().wait(), 0);
  EXPECT_TRUE(next.says(") ready"));
}

TEST_F(TakeOver, AnotherPortOfTheSameStateDirectoryIsRefused) {
  const PortLease other;
  ChildProcess next = another({"--port", std::to_string(other.port())});
  EXPECT_EQ(next.wait(), 1);
  EXPECT_THAT(next.errors(),
              HasSubstr("gateway already running (pid " + std::to_string(gateway.supervisor_pid()) + ")"));
  EXPECT_EQ(gateway.get("/readyz").status, 200);
}

TEST_F(TakeOver, TheCommandSocketIsTheOwnersAlone) {
  struct stat status {};
  ASSERT_EQ(::stat((gateway.instance().state_dir() + "/tmp/gateway.sock").c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(TakeOver, ASupervisorThatHangsIsEndedAsAStranger) {
  gateway.process().signal(SIGSTOP);
  ChildProcess next = another();
  EXPECT_TRUE(next.says("does not hand over"));
  EXPECT_TRUE(next.says("force: killed pid " + std::to_string(gateway.supervisor_pid())));
  EXPECT_TRUE(next.says(") ready")) << next.errors();
  EXPECT_EQ(gateway.get("/readyz").status, 200);
}

TEST_F(FlowNotStarted, AStrangerOnThePortIsEndedAndNamed) {
  ChildProcess stranger("/usr/bin/python3",
                        {"-m", "http.server", "--bind", "127.0.0.1", std::to_string(gateway.port())},
                        gateway.instance().variables());
  ASSERT_TRUE(eventually([&] { return Socket(gateway.port()).open(); }));
  ASSERT_TRUE(gateway.start({"--force"}));
  EXPECT_TRUE(gateway.process().says("force: killed pid " + std::to_string(stranger.pid()) + " (/usr/bin/python3"));
  EXPECT_EQ(stranger.wait(), 128 + SIGTERM);
}

TEST_F(FlowNotStarted, ForceOnAFreePortIsAPlainStart) {
  ASSERT_TRUE(gateway.start({"--force"}));
  EXPECT_EQ(gateway.everything_said().find("force:"), std::string::npos);
}

TEST_F(FlowNotStarted, AStrangerOnAnotherPortIsLeftAlone) {
  const PortLease other;
  const MockUpstream stranger(other.port());
  ASSERT_TRUE(gateway.start({"--force"}));
  EXPECT_EQ(http(other.port(), {.target = "/v1/models"}).status, 200);
}

}  // namespace
}  // namespace omenia::test
