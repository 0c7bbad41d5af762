// A complete WebSocket upgrade is handed over with its socket; nothing else is.
#include <fcntl.h>
#include <sys/socket.h>

#include "tests/unit/http/fixture.h"

namespace omenia::http::test {
namespace {

constexpr const char* upgrade_lines =
    "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

std::string without(std::string lines, const std::string& line) {
  const auto at = lines.find(line);
  return lines.erase(at, lines.find("\r\n", at) + 2 - at);
}

class HandsOver : public HttpServer {
 protected:
  void take_upgrades() {
    handler_.on_upgrade = [this](Upgrade upgrade) { taken_ = std::make_unique<Upgrade>(std::move(upgrade)); };
  }
  std::unique_ptr<Upgrade> taken_;
};

TEST_F(HandsOver, TheSocketAndWhatWasSentEarly) {
  take_upgrades();
  start();
  Client client = connect();
  client.send(get("/anything?x", upgrade_lines) + "early bytes");
  wait_until([&] { return taken_ != nullptr; });
  on_loop([&] {
    EXPECT_EQ(taken_->request.path, "/anything");
    EXPECT_TRUE(taken_->request.peer.loopback);
    EXPECT_EQ(taken_->bytes, "early bytes");
    EXPECT_TRUE(::fcntl(taken_->socket.get(), F_GETFL) & O_NONBLOCK);
    EXPECT_EQ(server_->connections(), 0u);
    ::send(taken_->socket.get(), "hello", 5, 0);
  });
  EXPECT_EQ(client.read_some(), "hello");
  destroy_server();
  client.send("still open");
  char byte = 0;
  EXPECT_EQ(::recv(taken_->socket.get(), &byte, 1, 0), 1);
}

TEST_F(HandsOver, AHeadThatCameByteByByte) {
  take_upgrades();
  start();
  Client client = connect();
  client.send_bytewise(get("/", upgrade_lines));
  wait_until([&] { return taken_ != nullptr; });
  EXPECT_EQ(taken_->bytes, "");
}

TEST_F(HandsOver, OnlyAfterEarlierAnswers) {
  std::shared_ptr<Exchange> held;
  handler_.on_handle = [&](auto exchange) { held = std::move(exchange); };
  take_upgrades();
  start();
  Client client = connect();
  client.send(get("/first") + get("/", upgrade_lines) + "early");
  wait_until([&] { return held != nullptr; });
  on_loop([&] {
    EXPECT_EQ(taken_, nullptr);
    std::exchange(held, nullptr)->respond(text_response(200, "first"));
    EXPECT_EQ(taken_, nullptr);
  });
  EXPECT_EQ(client.read_answer().body, "first");
  wait_until([&] { return taken_ != nullptr; });
  EXPECT_EQ(taken_->bytes, "early");
}

TEST_F(HandsOver, NotWhatTheHandlerRefuses) {
  take_upgrades();
  handler_.on_admit_upgrade = [](const Request&) { return text_response(503, "draining"); };
  start();
  Client client = connect();
  client.send(get("/", upgrade_lines));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "draining");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(taken_, nullptr);
}

TEST_F(HandsOver, NoIncompleteUpgrade) {
  start();
  const std::string lines = upgrade_lines;
  EXPECT_EQ(ask(get("/", without(lines, "Sec-WebSocket-Key"))).status, 400);
  EXPECT_EQ(ask(get("/", without(lines, "Sec-WebSocket-Key") + "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n")).status, 400);
  EXPECT_EQ(ask(post("/", "", lines)).status, 400);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n" + lines + "\r\nx").status, 400);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\n" + lines + "\r\n").status, 400) << "without Host";
}

TEST_F(HandsOver, NoOtherVersion) {
  start();
  const std::string lines = without(upgrade_lines, "Sec-WebSocket-Version") + "Sec-WebSocket-Version: 8\r\n";
  const Answer answer = ask(get("/", lines));
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(answer.header("sec-websocket-version"), "13");
}

TEST_F(HandsOver, NothingElse) {
  start();
  Client client = connect();
  client.send(get("/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HandsOver, NotWhatDoesNotAskToConnectSo) {
  start();
  EXPECT_EQ(ask(get("/plain", without(upgrade_lines, "Connection"))).body, "GET /plain ");
}

}  // namespace
}  // namespace omenia::http::test
