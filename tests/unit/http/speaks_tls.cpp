// The same server behind TLS: requests, streams and upgrades, and those who speak something else.
#include <fcntl.h>
#include <openssl/ssl.h>

#include <thread>

#include "shared/base/fingerprint.h"
#include "shared/log/log.h"
#include "tests/support/http_client.h"
#include "tests/unit/http/fixture.h"
#include "tests/unit/http/tls_fixture.h"

namespace omenia::http::test {
namespace {

using omenia::test::Deadline;
using omenia::test::HttpAnswer;
using omenia::test::HttpClient;
using omenia::test::HttpRequest;
using omenia::test::Received;
using omenia::test::TlsWish;

class OverTls : public HttpServer {
 protected:
  void start_tls(ServerOptions options = {}) {
    acceptor_ = own_.acceptor();
    options.tls = acceptor_;
    start(std::move(options));
  }
  HttpClient secure(const TlsWish& wish = {}) { return HttpClient(port(), wish); }
  HttpAnswer ask_secure(const HttpRequest& request, const TlsWish& wish = {}) {
    return omenia::test::https(port(), request, wish);
  }
  OwnCertificate own_;
  std::shared_ptr<TlsAcceptor> acceptor_;
};

TEST_F(OverTls, RequestsAreAnswered) {
  handler_.on_handle = [](auto exchange) {
    const Request& request = exchange->request();
    exchange->respond(text_response(200, request.method + " " + request.peer.address + " " + request.body));
  };
  start_tls();
  HttpClient client = secure({.protocol = "http/1.1"});
  ASSERT_TRUE(client.open()) << client.socket().tls()->problem();
  EXPECT_EQ(client.socket().tls()->version(), "TLSv1.3");
  EXPECT_EQ(client.socket().tls()->protocol(), "http/1.1");
  EXPECT_EQ(client.socket().tls()->fingerprint(), own_.fingerprint());
  EXPECT_EQ(client.ask({}).body, "GET 127.0.0.1 ");
  EXPECT_EQ(client.ask({.method = "POST", .body = "with a body"}).body, "POST 127.0.0.1 with a body");
}

TEST_F(OverTls, ACertificateMadeHereNamesThisMachine) {
  start_tls();
  for (const char* name : {"localhost", "127.0.0.1", "::1"}) {
    HttpClient client = secure({.authorities = own_.files.certificate, .name = name});
    EXPECT_TRUE(client.open()) << name << ": " << client.socket().tls()->problem();
  }
  EXPECT_FALSE(secure({.authorities = own_.files.certificate, .name = "evil.example"}).open());
}

TEST_F(OverTls, OldVersionsAndWeakCiphersAreRefused) {
  start_tls();
  EXPECT_EQ(ask_secure({}, {.version_max = TLS1_2_VERSION}).status, 200);
  EXPECT_EQ(ask_secure({}, {.version_max = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305"}).status, 200);
  EXPECT_FALSE(secure({.version_max = TLS1_1_VERSION}).open());
  for (const char* cipher : {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AES128-GCM-SHA256"})
    EXPECT_FALSE(secure({.version_max = TLS1_2_VERSION, .ciphers = cipher}).open()) << cipher;
  EXPECT_TRUE(secure({.protocol = "h2"}).socket().tls()->protocol().empty());
}

TEST_F(OverTls, LargeBodiesComeAndGo) {
  const std::string much(1'000'000, 'z');
  handler_.on_handle = [](auto exchange) {
    std::string body = exchange->request().body;
    for (int i = 0; i < 3; ++i) body += body;
    exchange->respond(text_response(200, std::move(body)));
  };
  start_tls();
  HttpClient client = secure();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.ask({.method = "POST", .body = much}).body.size(), 8 * much.size());
}

TEST_F(OverTls, StreamsArriveWhenTheyAreWritten) {
  std::shared_ptr<Exchange> held;
  handler_.on_handle = [&held](auto exchange) { held = std::move(exchange); };
  start_tls();
  HttpClient client = secure();
  client.send(HttpRequest{}.text());
  wait_until([&] { return held != nullptr; });
  on_loop([&] { held->begin_stream(200, {}); });
  EXPECT_EQ(client.read_head().status, 200);
  on_loop([&] { held->write("data: one\n\n"); });
  EXPECT_EQ(client.read_event(), "one");
  on_loop([&] {
    held->write("data: two\n\n");
    held->finish();
    held.reset();
  });
  EXPECT_EQ(client.read_event(), "two");
}

TEST_F(OverTls, TheEndIsSaidWhenTheAnswerIsWholeAndOnlyThen) {
  std::shared_ptr<Exchange> held;
  handler_.on_handle = [&held](auto exchange) {
    if (exchange->request().path == "/whole") return exchange->respond(text_response(200, "whole"));
    held = std::move(exchange);
    held->begin_stream(200, {});
    held->write("a part");
  };
  start_tls();
  HttpClient whole = secure();
  EXPECT_EQ(whole.ask({.target = "/whole", .headers = "Connection: close\r\n"}).body, "whole");
  EXPECT_TRUE(whole.closed_by_server());
  EXPECT_TRUE(whole.socket().tls()->said_end());
  HttpClient part = secure();
  part.send(HttpRequest{.target = "/part"}.text());
  EXPECT_EQ(part.read_head().status, 200);
  on_loop([&] { held.reset(); });
  EXPECT_TRUE(part.closed_by_server());
  EXPECT_FALSE(part.socket().tls()->said_end());
}

TEST_F(OverTls, AClientThatSaysItsEndIsSeenToLeave) {
  std::shared_ptr<Exchange> held;
  handler_.on_handle = [&held](auto exchange) { held = std::move(exchange); };
  start_tls();
  HttpClient client = secure();
  client.send(HttpRequest{}.text());
  wait_until([&] { return held != nullptr; });
  client.socket().tls()->end_sending();
  wait_until([&] { return held->client_gone().stop_requested(); });
  on_loop([&] { held.reset(); });
}

TEST_F(OverTls, PlainHttpIsToldSo) {
  start_tls();
  for (const char* text : {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "nonsense", "\x80\x2e\x01"}) {
    HttpClient client(port());
    client.send(text);
    const HttpAnswer answer = client.read();
    EXPECT_EQ(answer.status, 400) << text;
    EXPECT_EQ(answer.body, "The OmeniaClaw gateway on this port speaks TLS: use https:// or wss://.\n");
    EXPECT_EQ(answer.header("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_TRUE(client.closed_by_server());
  }
  EXPECT_EQ(ask_secure({}).status, 200);
}

TEST_F(OverTls, RubbishIsClosed) {
  start_tls();
  HttpClient client(port());
  client.send(std::string("\x16\x03\x01\x00\x04\xff\xff\xff\xff rubbish", 17));
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(ask_secure({}).status, 200);
}

TEST_F(OverTls, WhoNeverBeginsIsClosed) {
  start_tls({.head_ms_max = 50});
  HttpClient silent(port());
  EXPECT_TRUE(silent.closed_by_server());
  HttpClient half(port());
  half.send("\x16\x03\x01");
  EXPECT_TRUE(half.closed_by_server());
}

TEST_F(OverTls, ARenewedCertificateIsShownAndABrokenOneIsNot) {
  LogOptions log_options;
  log_options.file = own_.folder / "log";
  log_options.console_level = LogLevel::silent;
  const Log log = Log::open(log_options).value();
  start({.tls = own_.acceptor(log.logger("tls"))});
  const std::string first = own_.fingerprint();
  const auto shown = [this] { return secure().socket().tls()->fingerprint(); };
  // The files are looked at when somebody comes.
  const auto says = [&](const std::string& words) {
    return omenia::test::eventually([&] {
      shown();
      return omenia::test::read_file(log_options.file).find(words) != std::string::npos;
    });
  };
  HttpClient old = secure();
  EXPECT_EQ(old.ask({}).status, 200);
  own_.make();
  const std::string second = own_.fingerprint();
  EXPECT_NE(first, second);
  EXPECT_TRUE(says("TLS certificate renewed, SHA-256 " + shown_fingerprint(second)));
  EXPECT_EQ(shown(), second);
  EXPECT_EQ(old.ask({}).status, 200) << "whoever is connected stays";
  omenia::test::write_file(own_.files.certificate, "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n");
  EXPECT_TRUE(says("is not used, the one before goes on: gateway.tls.certPath: " + own_.files.certificate));
  EXPECT_EQ(shown(), second);
  own_.make();
  EXPECT_TRUE(says("TLS certificate renewed, SHA-256 " + shown_fingerprint(own_.fingerprint())));
  EXPECT_EQ(shown(), own_.fingerprint());
}

TEST_F(OverTls, AKeyThatDoesNotFitIsRefusedInWords) {
  OwnCertificate other;
  const auto mixed = TlsAcceptor::open({own_.files.certificate, other.files.key, false}, Logger());
  ASSERT_FALSE(mixed.ok());
  EXPECT_EQ(mixed.error().code, ErrorCode::config_invalid);
  EXPECT_NE(mixed.error().message.find("gateway.tls.keyPath: " + other.files.key), std::string::npos);
  const auto missing = TlsAcceptor::open({"/nowhere/cert.pem", other.files.key, false}, Logger());
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("/nowhere/cert.pem"), std::string::npos);
}

class Upgraded : public OverTls {
 protected:
  void start_upgrading() {
    handler_.on_upgrade = [this](Upgrade upgrade) {
      ::fcntl(upgrade.socket.get(), F_SETFL, 0);  // The test's thread waits on it.
      upgrade_ = std::move(upgrade);
    };
    start_tls();
  }
  HttpClient upgraded(const std::string& early = {}) {
    HttpClient client = secure();
    client.send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
        "13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
        early);
    wait_until([this] { return upgrade_.socket.valid(); });
    return client;
  }
  std::string read_plain(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) {
      char buffer[65536];
      const ssize_t got = ::read(upgrade_.socket.get(), buffer, sizeof buffer);
      if (got <= 0) break;
      text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
  }
  bool has_unsent() {
    bool has = false;
    on_loop([&] { has = server_->has_unsent(); });
    return has;
  }
  Upgrade upgrade_;
};

TEST_F(Upgraded, TextGoesBothWays) {
  start_upgrading();
  HttpClient client = upgraded("early");
  EXPECT_EQ(upgrade_.bytes, "early");
  EXPECT_EQ(upgrade_.request.peer.address, "127.0.0.1");
  client.send("ping");
  EXPECT_EQ(read_plain(4), "ping");
  ASSERT_EQ(::write(upgrade_.socket.get(), "pong", 4), 4);
  std::string received;
  EXPECT_EQ(client.socket().receive(received), Received::data);
  EXPECT_EQ(received, "pong");
}

TEST_F(Upgraded, ASlowClientHoldsTheSenderBack) {
  start_upgrading();
  HttpClient client = upgraded();
  const std::size_t bytes = 16 * limits::MiB;
  std::size_t written = 0;
  std::thread sender([&] {
    const std::string piece(65536, 'w');
    while (written < bytes) {
      const ssize_t put = ::write(upgrade_.socket.get(), piece.data(), piece.size());
      if (put <= 0) break;
      written += static_cast<std::size_t>(put);
    }
  });
  wait_until([this] { return server_->has_unsent(); });
  const std::uint64_t taken_early = upgrade_.taken_bytes();
  std::string received;
  while (received.size() < bytes && client.socket().receive(received) == Received::data) continue;
  sender.join();
  EXPECT_EQ(received.size(), bytes);
  EXPECT_TRUE(omenia::test::eventually([&] { return !has_unsent(); }));
  EXPECT_GT(upgrade_.taken_bytes(), taken_early);
}

TEST_F(Upgraded, ASlowPlainEndHoldsTheClientBack) {
  start_upgrading();
  HttpClient client = upgraded();
  const std::size_t bytes = 8 * limits::MiB;
  std::thread sender([&] { client.send(std::string(bytes, 'c')); });
  EXPECT_EQ(read_plain(bytes).size(), bytes);
  sender.join();
}

TEST_F(Upgraded, TheLastWordsArriveBeforeTheEnd) {
  start_upgrading();
  HttpClient client = upgraded();
  ASSERT_EQ(::write(upgrade_.socket.get(), "goodbye", 7), 7);
  upgrade_.socket.reset();
  std::string received;
  while (client.socket().receive(received) == Received::data) continue;
  EXPECT_EQ(received, "goodbye");
  EXPECT_TRUE(client.socket().tls()->said_end());
}

TEST_F(Upgraded, TheClientsEndIsPassedOn) {
  start_upgrading();
  {
    HttpClient client = upgraded();
    client.send("last");
    client.socket().end_sending();
    EXPECT_EQ(read_plain(100), "last");
    ASSERT_EQ(::write(upgrade_.socket.get(), "answer", 6), 6);
    upgrade_.socket.reset();
    std::string received;
    while (client.socket().receive(received) == Received::data) continue;
    EXPECT_EQ(received, "answer") << "whoever has ended can still read";
  }
  upgrade_ = {};
  HttpClient reset = upgraded();
  reset.socket().reset();
  EXPECT_EQ(read_plain(100), "");
}

}  // namespace
}  // namespace omenia::http::test
