// A worker that dies is replaced; the port belongs to the supervisor and never closes.
#include <signal.h>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

TEST_F(Flow, AKilledWorkerIsReplacedUnderTheSameSupervisor) {
  const pid_t supervisor = gateway.supervisor_pid();
  const pid_t worker = gateway.worker_pid();
  ASSERT_TRUE(gateway.kill_worker());
  EXPECT_NE(gateway.worker_pid(), worker);
  EXPECT_EQ(gateway.supervisor_pid(), supervisor);
  EXPECT_TRUE(process_exists(supervisor));
}

TEST_F(Flow, NoConnectionIsRefusedWhileTheWorkerIsReplaced) {
  ::kill(gateway.worker_pid(), SIGKILL);
  std::vector<HttpClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back(gateway.port());
    ASSERT_TRUE(clients.back().open()) << "connection " << i << " was refused";
  }
  for (auto& client : clients) EXPECT_EQ(client.ask({.target = "/healthz"}).status, 200);
}

TEST_F(Flow, ClientsOfADeadWorkerLoseTheirConnectionAndCanReconnect) {
  auto client = gateway.client();
  ASSERT_TRUE(gateway.kill_worker());
  EXPECT_EQ(client.closing().code, 1006);
  EXPECT_TRUE(gateway.client().call("health")["ok"].boolean());
}

TEST_F(Flow, AWorkerThatKeepsDyingIsHeldAndThePortSaysSo) {
  HttpAnswer answer;
  const bool held = eventually([&] {
    if (const pid_t worker = gateway.worker_pid(); worker != 0) {
      ::kill(worker, SIGKILL);
      return false;
    }
    HttpClient client(gateway.port());
    if (!client.open()) return false;
    client.send(HttpRequest{.target = "/healthz"}.text());
    std::string received;
    if (client.socket().receive(received, Deadline(200)) != Received::data) return false;
    answer.head = received;
    return received.starts_with("HTTP/1.1 503");
  });
  EXPECT_TRUE(held) << answer.head;
  EXPECT_TRUE(process_exists(gateway.supervisor_pid()));
  EXPECT_EQ(gateway.stop(), 0);
}

}  // namespace
}  // namespace omenia::test
