// Starting and stopping: what an operator and a service manager see of the program.
#include <signal.h>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

TEST_F(Flow, ServesItsPortWithTwoProcesses) {
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).body, R"({"ok":true,"status":"live"})");
  EXPECT_TRUE(process_exists(gateway.supervisor_pid()));
  EXPECT_TRUE(process_exists(gateway.worker_pid()));
}

TEST_F(FlowNotStarted, GatewayRunIsTheSameAsGateway) {
  EXPECT_TRUE(gateway.start({"run"}));
}

TEST_F(Flow, StopAnnouncesShutdownClosesWith1012AndExits0) {
  auto client = gateway.client();
  gateway.process().signal(SIGTERM);
  const Json shutdown = client.event("shutdown");
  EXPECT_TRUE(shutdown["payload"]["reason"].is_string()) << shutdown.dump();
  const WsClose closed = client.closing();
  EXPECT_EQ(closed.code, 1012);
  EXPECT_EQ(closed.reason, "service restart");
  EXPECT_EQ(gateway.process().wait(), 0) << gateway.process().errors();
}

TEST_F(Flow, EveryClientsLastFrameIsTheShutdownEvent) {
  std::vector<WsClient> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(gateway.client());
  gateway.process().signal(SIGTERM);
  for (auto& client : clients) {
    EXPECT_EQ(client.closing().code, 1012);
    EXPECT_TRUE(client.event("shutdown"));
    EXPECT_FALSE(client.next()) << "a frame came after shutdown";
  }
}

TEST_F(Flow, InterruptFromTheTerminalStopsToo) {
  auto client = gateway.client();
  gateway.process().signal(SIGINT);
  EXPECT_EQ(client.closing().code, 1012);
  EXPECT_THAT(gateway.process().wait(), AnyOf(0, 130));
}

TEST_F(Flow, NothingIsLeftAfterAStop) {
  const pid_t worker = gateway.worker_pid();
  EXPECT_EQ(gateway.stop(), 0);
  EXPECT_FALSE(process_exists(worker));
  EXPECT_FALSE(Socket(gateway.port()).open());
}

TEST_F(Flow, TheSamePortAndStateCanBeStartedAgainAtOnce) {
  EXPECT_EQ(gateway.stop(), 0);
  EXPECT_TRUE(gateway.start());
}

TEST_F(Flow, AStopLetsARunningAnswerFinish) {
  HttpClient client(gateway.port());
  client.send(HttpRequest{.method = "POST",
                          .target = "/v1/chat/completions",
                          .token = gateway.token(),
                          .body = chat_body("OmeniaClaw/gated", "hello", R"(,"stream":true)")}
                  .text());
  ASSERT_EQ(client.read_head().status, 200);
  ASSERT_TRUE(mock.wait_for_requests(1));
  auto witness = gateway.client();
  gateway.process().signal(SIGTERM);
  ASSERT_TRUE(gateway.process().says("draining active work"));
  const HttpAnswer newcomer = http(gateway.port(), {.target = "/v1/models", .token = gateway.token()});
  EXPECT_EQ(newcomer.status, 503);
  EXPECT_EQ(newcomer.header("Retry-After"), "1");
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
  EXPECT_EQ(http(gateway.port(), {.target = "/readyz"}).status, 503);
  mock.open_gate();
  EXPECT_EQ(client.read_text_deltas(), "tick tick tick tick tick tick tick tick");
  EXPECT_TRUE(witness.event("shutdown"));
  EXPECT_EQ(gateway.process().wait(), 0);
}

TEST_F(Flow, AStopDoesNotWaitForEverForARun) {
  auto client = gateway.client();
  client.call("agent", message("agent:gated:main", "never-ends"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  EXPECT_EQ(gateway.stop(), 0);
}

TEST_F(Flow, TheWorkerDoesNotOutliveAKilledSupervisor) {
  const pid_t worker = gateway.worker_pid();
  gateway.process().signal(SIGKILL);
  EXPECT_EQ(gateway.process().wait(), 128 + SIGKILL);
  EXPECT_TRUE(eventually([&] { return !process_exists(worker); }));
}

}  // namespace
}  // namespace omenia::test
