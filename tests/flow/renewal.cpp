// gateway restart --supervisor: the supervisor's program is replaced by the one on disk, in its own process; the port,
// the state lock and the runs stay. A program that cannot go on from there changes nothing.
#include <csignal>
#include <filesystem>

#include "shared/base/version.h"
#include "tests/flow/installed.h"
#include "tests/support/prober.h"

namespace omenia::test {
namespace {

namespace fs = std::filesystem;

class Renewal : public Installed {
 protected:
  void SetUp() override { ASSERT_TRUE(gateway.start()); }
  void TearDown() override {
    if (HasFailure()) std::cerr << "--- what the gateway said ---\n" << gateway.everything_said() << "---\n";
  }

  int renew() {
    ChildProcess command = gateway.instance().command({"gateway", "restart", "--supervisor"});
    const int code = command.wait();
    said = command.output() + command.errors();
    return code;
  }
  std::size_t descriptors() const {
    std::size_t count = 0;
    for (const auto& each : fs::directory_iterator("/proc/" + std::to_string(gateway.supervisor_pid()) + "/fd"))
      count += each.path().empty() ? 0 : 1;
    return count;
  }

  MockUpstream mock;
  Gateway gateway{mock.port()};
  std::string said;
};

TEST_F(Renewal, KeepsProcessAndPort) {
  const pid_t worker = gateway.worker_pid();
  Prober prober(gateway.port());
  EXPECT_EQ(renew(), 0) << said;
  EXPECT_THAT(said, ContainsRegex("Restarted gateway: worker 2 .pid [0-9]+. serves"));
  EXPECT_TRUE(gateway.process().running());
  EXPECT_TRUE(gateway.process().says(std::string("supervisor of release ") + version + " has taken over"));
  EXPECT_NE(gateway.worker_pid(), worker);
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 200);
  EXPECT_EQ(prober.refused(), 0);
  EXPECT_EQ(gateway.stop(), 0);
  EXPECT_THAT(gateway.everything_said(), HasSubstr("completed cleanly"));
}

TEST_F(Renewal, LetsARunGoOn) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:gated:renewed", "run-1", "through"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  ASSERT_EQ(renew(), 0) << said;
  EXPECT_TRUE(client.event("shutdown"));
  EXPECT_EQ(client.closing().code, 1012);
  auto later = gateway.client();
  const std::string id = later.send_request("agent.wait", R"({"runId":"run-1","timeoutMs":5000})");
  mock.open_gate();
  EXPECT_EQ(later.answer(id)["payload"]["status"].text(), "ok");
  EXPECT_EQ(mock.requests().size(), 1u);
}

TEST_F(Renewal, KeepsWhatDrains) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:gated:renewed", "run-1", "through"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  gateway.process().signal(SIGUSR1);
  ASSERT_TRUE(gateway.process().says("ready; worker 1"));
  ASSERT_EQ(renew(), 0) << said;
  mock.open_gate();
  // A worker that leaves sends away whom it had accepted just before; clients come again.
  std::unique_ptr<WsClient> later;
  ASSERT_TRUE(eventually([&] {
    later = std::make_unique<WsClient>(gateway.port());
    return later->connect(gateway.backend())["ok"].boolean();
  }));
  EXPECT_EQ(later->call("agent.wait", R"({"runId":"run-1","timeoutMs":5000})")["payload"]["status"].text(), "ok");
  EXPECT_TRUE(eventually([&] { return children_of(gateway.supervisor_pid()).size() == 1; }));
}

TEST_F(Renewal, ManyTimesLeavesNothingOpen) {
  ASSERT_EQ(renew(), 0) << said;
  ASSERT_TRUE(eventually([&] { return children_of(gateway.supervisor_pid()).size() == 1; }));
  const std::size_t before = descriptors();
  for (int i = 0; i < 5; ++i) ASSERT_EQ(renew(), 0) << said;
  EXPECT_TRUE(eventually([&] { return descriptors() <= before; })) << descriptors() << " instead of " << before;
}

TEST_F(Renewal, StillWatchesItsWorkersAndTheFile) {
  ASSERT_EQ(renew(), 0) << said;
  ASSERT_TRUE(gateway.kill_worker());
  gateway.instance().configure(mock.port(), R"(,"session":{"scope":"global"})");
  EXPECT_TRUE(gateway.process().says("config hot reload applied (session.scope)"));
  gateway.process().signal(SIGUSR1);
  EXPECT_TRUE(gateway.process().says("ready; worker 3"));
}

TEST_F(Renewal, HoldsTheStateDirectoryStill) {
  ASSERT_EQ(renew(), 0) << said;
  const PortLease other;
  ChildProcess second = gateway.instance().command({"gateway", "--port", std::to_string(other.port())});
  EXPECT_EQ(second.wait(), 1);
  EXPECT_THAT(second.errors(), HasSubstr("gateway already running (pid " + std::to_string(gateway.supervisor_pid())));
}

TEST_F(Renewal, ByAProgramThatCannotRunChangesNothing) {
  const pid_t worker = gateway.worker_pid();
  for (const char* broken :
       {"#!/bin/sh\necho no such release >&2\nexit 3\n", "#!/bin/sh\nkill -9 $$\n", "not a program"}) {
    replace(supervisor_program, broken);
    EXPECT_EQ(renew(), 1) << broken;
    EXPECT_THAT(said, HasSubstr("The restart failed: the supervisor is not replaced: ")) << broken;
    EXPECT_EQ(gateway.worker_pid(), worker) << broken;
    EXPECT_EQ(gateway.get("/readyz").status, 200) << broken;
  }
  EXPECT_TRUE(gateway.process().says("no such release"));
}

}  // namespace
}  // namespace omenia::test
