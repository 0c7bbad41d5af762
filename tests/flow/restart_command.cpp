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

// What gateway restart does, a client may ask for too.
TEST_F(Restart, ByAClientSendsClientsToANewWorker) {
  ASSERT_TRUE(gateway.start());
  const pid_t worker = gateway.worker_pid();
  auto client = gateway.client();
  EXPECT_TRUE(client.call("gateway.restart.preflight")["payload"]["safe"].boolean());
  const Json elsewhere = client.call("gateway.restart.request", R"({"target":{"pid":1}})");
  EXPECT_THAT(error_message(elsewhere), HasSubstr("is not this gateway"));
  const Json asked = client.call("gateway.restart.request", R"({"reason":"new\nREADY=0 settings"})");
  EXPECT_EQ(asked["payload"]["status"].text(), "scheduled") << asked.dump();
  EXPECT_EQ(asked["payload"]["restart"]["pid"].integer(), gateway.supervisor_pid());
  EXPECT_EQ(client.event("shutdown")["payload"]["restartExpectedMs"].integer(), 1'500);
  EXPECT_EQ(client.closing().code, 1012);
  EXPECT_TRUE(gateway.client().call("health")["ok"].boolean());
  EXPECT_NE(gateway.worker_pid(), worker);
  EXPECT_THAT(gateway.everything_said(), HasSubstr("asked for by a client: new READY=0 settings"));
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
