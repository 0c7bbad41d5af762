// While restarts are held, every request on the port learns the reason and the way out.
#include <gtest/gtest.h>

#include <thread>

#include "supervisor/held_responder.h"
#include "tests/support/http_client.h"
#include "tests/support/port_lease.h"

namespace omenia::supervisor {
namespace {

class HeldPort : public ::testing::Test {
 protected:
  HeldPort() {
    auto listener = Listener::open({"127.0.0.1", lease.port()});
    if (listener.ok()) listeners.push_back(std::move(listener).value());
    responder.emplace(loop, listeners, "it broke");
    running = std::thread([this] { loop.run(); });
  }
  ~HeldPort() override {
    loop.post([this] { loop.stop(); });
    running.join();
  }

  test::PortLease lease;
  Loop loop;
  std::vector<Listener> listeners;
  std::optional<HeldResponder> responder;
  std::thread running;
};

TEST_F(HeldPort, EveryRequestGetsTheReasonAndTheWayOut) {
  for (const char* method : {"GET", "POST", "OPTIONS"}) {
    const auto answer = test::http(lease.port(), {.method = method, .target = "/any", .body = "some body"});
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.header("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_NE(answer.body.find("it broke"), std::string::npos);
    EXPECT_NE(answer.body.find("OmeniaClaw logs"), std::string::npos);
  }
}

TEST_F(HeldPort, ARequestThatComesByteByByteIsAnsweredOnce) {
  test::HttpClient client(lease.port());
  for (const char c : std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n")) ASSERT_TRUE(client.send({&c, 1}));
  EXPECT_EQ(client.read().status, 503);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(HeldPort, AHeadWithoutEndIsAnsweredAtTheLimit) {
  test::HttpClient client(lease.port());
  client.send("GET / HTTP/1.1\r\nX: " + std::string(2 * limits::held_request_bytes_max, 'x'));
  EXPECT_EQ(client.read().status, 503);
}

TEST_F(HeldPort, ALargeBodyDoesNotResetTheAnswer) {
  test::HttpClient client(lease.port());
  client.send("POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + std::string(200'000, 'x'));
  EXPECT_EQ(client.read().status, 503);
}

TEST_F(HeldPort, ManyIdleConnectionsDelayOthersButAreLetGo) {
  std::vector<test::Socket> idle;
  for (int i = 0; i < limits::held_connections_max; ++i) idle.emplace_back(lease.port());
  test::HttpClient client(lease.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\n\r\n"));
  idle.clear();
  EXPECT_EQ(client.read().status, 503);
}

}  // namespace
}  // namespace omenia::supervisor
