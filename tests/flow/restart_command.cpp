// gateway restart: one command replaces the worker and ends when the new one serves, or says why there is none.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class Restart : public FlowNotStarted {
 protected:
  int run(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"gateway", "restart"};
    words.insert(words.end(), more.begin(), more.end());
    ChildProcess command = gateway.instance().command(words);
    const int code = command.wait();
    said = command.output() + command.errors();
    return code;
  }
  std::string said;
};

TEST_F(Restart, EndsWhenANewWorkerServes) {
  ASSERT_TRUE(gateway.start());
  auto client = gateway.client();
  EXPECT_EQ(run(), 0) << said;
  EXPECT_THAT(said, ContainsRegex("Restarted gateway: worker 2 .pid [0-9]+. serves"));
  EXPECT_EQ(gateway.get("/readyz").status, 200);
  EXPECT_TRUE(client.event("shutdown"));
  EXPECT_EQ(client.closing().code, 1012);
}

TEST_F(Restart, TellsScriptsTheSame) {
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(run({"--json"}), 0);
  const auto answer = Json::parse(said);
  ASSERT_TRUE(answer.ok()) << said;
  EXPECT_TRUE(answer.value()["ok"].boolean());
  EXPECT_EQ(answer.value()["result"].text(), "restarted");
}

TEST_F(Restart, SaysWhyTheOldWorkerGoesOnServing) {
  ASSERT_TRUE(gateway.start());
  const pid_t worker = gateway.worker_pid();
  gateway.instance().write_config("{ not json");
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(said, HasSubstr("The restart failed: "));
  EXPECT_THAT(said, HasSubstr("Invalid config"));
  EXPECT_TRUE(process_exists(worker));
  EXPECT_EQ(gateway.get("/readyz").status, 200);
}

TEST_F(Restart, WithoutAGatewaySaysSo) {
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(said, HasSubstr("No gateway runs with the state directory " + gateway.instance().state_dir()));
  EXPECT_THAT(said, HasSubstr("OmeniaClaw gateway run"));
}

TEST_F(Restart, AfterTheGatewayWasKilledSaysSoToo) {
  ASSERT_TRUE(gateway.start());
  gateway.process().signal(SIGKILL);
  gateway.process().wait();
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(said, HasSubstr("No gateway runs with the state directory"));
}

}  // namespace
}  // namespace omenia::test
