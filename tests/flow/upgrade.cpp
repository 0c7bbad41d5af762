// A newer release is installed over the running one, and taken on without the port being closed: the programs of
// NEXT_RELEASE are those of THIS_RELEASE with another version in them.
#include <csignal>
#include <filesystem>

#include "shared/base/version.h"
#include "tests/flow/installed.h"
#include "tests/support/prober.h"

namespace omenia::test {
namespace {

constexpr const char* next_version = "9999.1.0";

class Upgrade : public Installed {
 protected:
  void SetUp() override { ASSERT_TRUE(gateway.start()); }
  void TearDown() override {
    if (HasFailure()) std::cerr << "--- what the gateway said ---\n" << gateway.everything_said() << "---\n";
  }

  void install(const std::string& release) const {
    for (const char* program : installed_programs)
      replace(program, read_file((std::filesystem::path(release) / program).string()));
  }
  std::string answer_to(std::vector<std::string> command, int expected) {
    ChildProcess process = gateway.instance().command(std::move(command));
    EXPECT_EQ(process.wait(), expected);
    return process.output() + process.errors();
  }
  // A worker that leaves sends away whom it had accepted just before; clients come again.
  std::string served_version() {
    std::string served;
    EXPECT_TRUE(eventually([&] {
      WsClient client(gateway.port());
      if (!client.connect(gateway.backend())["ok"].boolean()) return false;
      served = client.call("status")["payload"]["runtimeVersion"].text();
      return !served.empty();
    }));
    return served;
  }

  MockUpstream mock;
  Gateway gateway{mock.port()};
};

TEST_F(Upgrade, IsTakenOnByARenewalOfTheSupervisor) {
  Prober prober(gateway.port());
  EXPECT_EQ(served_version(), version);
  install(NEXT_RELEASE);
  EXPECT_THAT(answer_to({"gateway", "restart", "--supervisor"}, 0), HasSubstr("Restarted gateway"));
  EXPECT_EQ(served_version(), next_version);
  EXPECT_TRUE(gateway.process().says(std::string("supervisor of release ") + next_version + " has taken over"));
  EXPECT_EQ(prober.refused(), 0);
  EXPECT_EQ(gateway.stop(), 0);
}

TEST_F(Upgrade, LetsTheRunOfTheOldReleaseEndInIt) {
  auto client = gateway.client();
  client.call("chat.send", message("agent:gated:upgraded", "run-1", "through"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  install(NEXT_RELEASE);
  answer_to({"gateway", "restart", "--supervisor"}, 0);
  auto later = gateway.client();
  const std::string id = later.send_request("agent.wait", R"({"runId":"run-1","timeoutMs":5000})");
  mock.open_gate();
  EXPECT_EQ(later.answer(id)["payload"]["status"].text(), "ok");
  EXPECT_EQ(mock.requests().size(), 1u);
}

// A worker alone is not exchanged for one of another release: the old one goes on, and the answer says what to run.
TEST_F(Upgrade, OfTheWorkerAloneIsRefusedInWords) {
  const pid_t worker = gateway.worker_pid();
  install(NEXT_RELEASE);
  EXPECT_THAT(answer_to({"gateway", "restart"}, 1), HasSubstr("OmeniaClaw gateway restart --supervisor"));
  EXPECT_EQ(gateway.worker_pid(), worker);
  EXPECT_EQ(served_version(), version);
}

TEST_F(Upgrade, IsTakenBackTheSameWay) {
  install(NEXT_RELEASE);
  answer_to({"gateway", "restart", "--supervisor"}, 0);
  ASSERT_EQ(served_version(), next_version);
  install(THIS_RELEASE);
  answer_to({"gateway", "restart", "--supervisor"}, 0);
  EXPECT_EQ(served_version(), version);
}

}  // namespace
}  // namespace omenia::test
