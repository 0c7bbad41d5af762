// A draining server lets go of idle connections at once, of busy ones after their answer.
#include "tests/unit/http/fixture.h"

namespace omenia::http::test {
namespace {

class Drains : public HttpServer {
 protected:
  void drain() {
    on_loop([this] { server_->drain([this] { ++emptied_; }); });
  }
  void wait_until_emptied() {
    wait_until([this] { return emptied_ > 0; });
    on_loop([] {});
    EXPECT_EQ(emptied_, 1);
  }
  int emptied_ = 0;
};

TEST_F(Drains, AtOnceWithoutConnections) {
  start();
  drain();
  wait_until_emptied();
}

TEST_F(Drains, ByClosingIdleConnections) {
  start();
  Client fresh = connect();
  Client used = connect();
  used.send(get("/"));
  EXPECT_EQ(used.read_answer().status, 200);
  wait_until([this] { return server_->connections() == 2; });
  drain();
  EXPECT_TRUE(fresh.is_closed());
  EXPECT_TRUE(used.is_closed());
  wait_until_emptied();
}

TEST_F(Drains, AfterBusyConnectionsHaveAnswered) {
  std::shared_ptr<Exchange> held;
  handler_.on_handle = [&](auto exchange) { held = std::move(exchange); };
  start();
  Client client = connect();
  client.send(get("/"));
  wait_until([&] { return held != nullptr; });
  drain();
  on_loop([&] {
    EXPECT_EQ(emptied_, 0);
    std::exchange(held, nullptr)->respond(text_response(200, "finished"));
  });
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "finished");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
  client.close();
  wait_until_emptied();
}

TEST_F(Drains, AfterStreamsHaveFinished) {
  std::shared_ptr<Exchange> held;
  handler_.on_handle = [&](auto exchange) { held = std::move(exchange); };
  start();
  Client client = connect();
  client.send(get("/"));
  wait_until([&] { return held != nullptr; });
  on_loop([&] { held->begin_stream(200, {}); });
  drain();
  on_loop([&] {
    held->write("end");
    std::exchange(held, nullptr)->finish();
  });
  EXPECT_EQ(client.read_answer().body, "end");
  EXPECT_TRUE(client.is_closed());
  wait_until_emptied();
}

TEST_F(Drains, AfterARequestThatHasBegun) {
  start();
  Client client = connect();
  const std::string request = post("/", "body");
  client.send(request.substr(0, 20));
  wait_until([this] { return server_->connections() == 1; });
  drain();
  client.send(request.substr(20));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "POST / body");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
  client.close();
  wait_until_emptied();
}

TEST_F(Drains, AndItsEmptiedCallMayDestroyTheServer) {
  start();
  on_loop([this] {
    server_->drain([this] {
      server_.reset();
      ++emptied_;
    });
  });
  wait_until_emptied();
  on_loop([this] { EXPECT_EQ(server_, nullptr); });
}

TEST_F(Drains, WithoutAcceptingMore) {
  start();
  on_loop([this] { server_->stop_accepting(); });
  EXPECT_TRUE(connection_is_refused());
}

}  // namespace
}  // namespace omenia::http::test
