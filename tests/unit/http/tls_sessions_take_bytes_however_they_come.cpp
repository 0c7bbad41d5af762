// The server's end of TLS without a socket: bytes in, text and bytes out, whatever the bytes are.
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <random>

#include "tests/unit/http/tls_fixture.h"

namespace omenia::http::test {
namespace {

// A client in memory.
class MemoryClient {
 public:
  MemoryClient() : context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_)) {
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_, in_, out_);
    SSL_set_connect_state(ssl_);
  }
  ~MemoryClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  MemoryClient(const MemoryClient&) = delete;
  MemoryClient& operator=(const MemoryClient&) = delete;

  // What it says next, having heard this.
  std::string hear(std::string_view wire) {
    BIO_write(in_, wire.data(), static_cast<int>(wire.size()));
    char bytes[16384];
    for (int got = 0; (got = SSL_read(ssl_, bytes, sizeof bytes)) > 0;)
      heard.append(bytes, static_cast<std::size_t>(got));
    ERR_clear_error();
    return said();
  }
  std::string say(std::string_view text) {
    SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
    return said();
  }
  std::string say_end() {
    SSL_shutdown(ssl_);
    return said();
  }
  bool has_heard_the_end() const { return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0; }
  std::string heard;

 private:
  std::string said() {
    std::string wire(BIO_ctrl_pending(out_), '\0');
    if (!wire.empty()) BIO_read(out_, wire.data(), static_cast<int>(wire.size()));
    return wire;
  }
  SSL_CTX* context_;
  SSL* ssl_;
  BIO* in_;
  BIO* out_;
};

class TlsSessions : public testing::Test {
 protected:
  void SetUp() override { session = acceptor->accept(); }

  // Everything both have to say to each other, in pieces of this size.
  void exchange(std::string from_client, std::size_t piece_bytes = 1'000'000) {
    while (!from_client.empty()) {
      std::string reply;
      for (std::size_t at = 0; at < from_client.size(); at += piece_bytes)
        session->receive(std::string_view(from_client).substr(at, piece_bytes), text, reply);
      from_client = client.hear(reply);
    }
  }
  void shake_hands() {
    exchange(client.hear(""));
    ASSERT_EQ(session->state(), TlsSession::State::open) << session->problem();
  }

  OwnCertificate own;
  std::shared_ptr<TlsAcceptor> acceptor = own.acceptor();
  std::unique_ptr<TlsSession> session;
  MemoryClient client;
  std::string text;
};

TEST_F(TlsSessions, TakeThemOneByOne) {
  exchange(client.hear(""), 1);
  ASSERT_EQ(session->state(), TlsSession::State::open);
  exchange(client.say("hello"), 1);
  exchange(client.say(" world"), 1);
  EXPECT_EQ(text, "hello world");
  EXPECT_EQ(acceptor->counts().opened, 1u);
}

TEST_F(TlsSessions, TakeManyRecordsAtOnce) {
  shake_hands();
  const std::string much(500'000, 'x');
  std::string wire = client.say(much);
  wire += client.say("end");
  exchange(std::move(wire));
  EXPECT_TRUE(text == much + "end") << text.size();
}

TEST_F(TlsSessions, SayALot) {
  shake_hands();
  const std::string much(500'000, 'y');
  std::string wire;
  session->encrypt(much, wire);
  session->encrypt("", wire);
  session->encrypt("end", wire);
  client.hear(wire);
  EXPECT_TRUE(client.heard == much + "end") << client.heard.size();
}

TEST_F(TlsSessions, EndInWordsOnce) {
  shake_hands();
  std::string wire;
  session->encrypt("last words", wire);
  session->end(wire);
  const std::size_t size = wire.size();
  session->end(wire);
  session->encrypt("too late", wire);
  EXPECT_EQ(wire.size(), size);
  client.hear(wire);
  EXPECT_EQ(client.heard, "last words");
  EXPECT_TRUE(client.has_heard_the_end());
}

TEST_F(TlsSessions, HearTheEndBehindTheLastWords) {
  shake_hands();
  std::string reply;
  std::string wire = client.say("bye");
  wire += client.say_end();
  EXPECT_EQ(session->receive(wire, text, reply), TlsSession::State::ended);
  EXPECT_EQ(text, "bye");
  EXPECT_EQ(session->receive("more", text, reply), TlsSession::State::ended);
  std::string answer;
  session->encrypt("still heard", answer);
  client.hear(answer);
  EXPECT_EQ(client.heard, "still heard");
}

TEST_F(TlsSessions, SayNothingBeforeTheHandshakeOrAfterAFailure) {
  std::string wire;
  session->encrypt("early", wire);
  session->end(wire);
  EXPECT_TRUE(wire.empty());
  std::string reply;
  EXPECT_EQ(session->receive(std::string("\x16\x03\x01\x00\x05nonsense", 13), text, reply), TlsSession::State::broken);
  EXPECT_FALSE(session->problem().empty());
  session->encrypt("late", wire);
  session->end(wire);
  EXPECT_TRUE(wire.empty());
  EXPECT_EQ(acceptor->counts().failed, 1u);
}

TEST_F(TlsSessions, AreBrokenByAnyFalsifiedRecord) {
  shake_hands();
  std::string wire = client.say("transfer 100");
  wire[wire.size() - 3] = static_cast<char>(wire[wire.size() - 3] ^ 1);
  std::string reply;
  EXPECT_EQ(session->receive(wire, text, reply), TlsSession::State::broken);
  EXPECT_TRUE(text.empty());
  EXPECT_FALSE(reply.empty()) << "an alert";
}

// Each byte of the first flight, falsified, and rubbish of every length: refused or still waiting, never taken.
TEST_F(TlsSessions, SurviveRubbish) {
  const std::string hello = client.hear("");
  for (std::size_t i = 0; i < hello.size(); ++i) {
    std::string falsified = hello;
    falsified[i] = static_cast<char>(falsified[i] ^ 0x55);
    const auto victim = acceptor->accept();
    std::string reply;
    EXPECT_NE(victim->receive(falsified, text, reply), TlsSession::State::open);
  }
  std::mt19937 random(1);
  for (std::size_t length = 1; length < 600; ++length) {
    std::string rubbish(length, '\x16');
    for (std::size_t i = 1; i < length; ++i) rubbish[i] = static_cast<char>(random());
    const auto victim = acceptor->accept();
    std::string reply;
    EXPECT_NE(victim->receive(rubbish, text, reply), TlsSession::State::open);
    victim->receive(rubbish, text, reply);
  }
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(acceptor->counts().alive, 1) << "only the test's own";
}

}  // namespace
}  // namespace omenia::http::test
