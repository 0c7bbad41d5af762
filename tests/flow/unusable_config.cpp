// A file that became unusable while the gateway runs: nothing changes, a crash is survived with the last good copy, and
// a mended file ends that.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class UnusableConfig : public Flow {
 protected:
  void SetUp() override {
    Flow::SetUp();
    good = read_file(gateway.instance().config_path());
    ASSERT_TRUE(eventually([&] { return !read_file(gateway.instance().config_path() + ".last-good").empty(); }));
    gateway.instance().write_config(R"({ gateway: { mode: "local", prot: 1 } })");
    ASSERT_TRUE(eventually([&] { return !configuration()["valid"].boolean(); }));
  }
  Json configuration() {
    auto client = gateway.client();
    return Json::copy(client.call("status")["payload"]["configuration"]);
  }
  std::string good;
};

TEST_F(UnusableConfig, IsToldAndChangesNothing) {
  const Json told = configuration();
  EXPECT_THAT(std::string(told["problem"].text()), HasSubstr("prot")) << told.dump();
  EXPECT_FALSE(told["degraded"].boolean());
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 200);
  EXPECT_THAT(read_file(gateway.instance().config_path()), HasSubstr("prot")) << "the operator's file is left alone";
}

TEST_F(UnusableConfig, IsSurvivedDegradedByTheNextWorker) {
  ASSERT_TRUE(gateway.kill_worker());
  EXPECT_TRUE(configuration()["degraded"].boolean());
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 200);
  gateway.instance().write_config(good);
  EXPECT_TRUE(eventually([&] { return configuration()["valid"].boolean(); }));
}

TEST_F(UnusableConfig, LeavesTheOldWorkerServingWhenAskedForASwap) {
  const pid_t worker = gateway.worker_pid();
  gateway.process().signal(SIGUSR1);
  ASSERT_TRUE(gateway.process().says("swap failed"));
  EXPECT_TRUE(process_exists(worker));
  EXPECT_FALSE(configuration()["degraded"].boolean());
}

}  // namespace
}  // namespace omenia::test
