// Who has the TLS library answer and never asks for a page is cut off, by the bytes of those answers; who asks is not.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

#include "shared/base/limits.h"
#include "tests/support/http_client.h"
#include "tests/unit/http/fixture.h"
#include "tests/unit/http/tls_fixture.h"

namespace omenia::http::test {
namespace {

using omenia::test::Deadline;
using omenia::test::HttpRequest;
using omenia::test::Received;

// An end that comes later may be that of the server's own deadlines.
constexpr int cut_ms_max = std::min(limits::tls_handshake_ms_max, limits::http_keep_alive_idle_ms) / 2;

constexpr char alert_record = 21;
constexpr char handshake_record = 22;
constexpr char text_record = 23;
constexpr std::size_t record_head_bytes = 5;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t refusal_bytes = record_head_bytes + 2 + tag_bytes;  // An alert has two bytes.

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string number_of_two_bytes(std::size_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number)};
}

std::size_t number_in(std::string_view two_bytes) {
  return static_cast<std::size_t>(bytes_of(two_bytes)[0]) << 8 | bytes_of(two_bytes)[1];
}

std::string hmac(std::string_view key, std::string_view text) {
  std::string made(32, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(), bytes_of(made), nullptr);
  return made;
}

// A client whose bytes are in its hands, and counted.
class CountedClient {
 public:
  CountedClient(int port, int version) : socket_(port) {
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_min_proto_version(ssl_.get(), version);
    SSL_set_max_proto_version(ssl_.get(), version);
    SSL_set_cipher_list(ssl_.get(), "ECDHE-ECDSA-CHACHA20-POLY1305");
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_connect_state(ssl_.get());
    bool open = go_on();
    hello_ = said().substr(record_head_bytes);
    socket_.send(record_head(handshake_record, hello_.size()) + hello_);
    while (!open && hear()) {
      take_heard();
      open = go_on();
      socket_.send(said());
    }
    EXPECT_TRUE(open) << "the handshake";
  }

  // The beginning of the answer, as it comes.
  std::string ask(std::string_view text) {
    char answer[4096];
    SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
    socket_.send(said());
    while (hear()) {
      take_heard();
      const int got = SSL_read(ssl_.get(), answer, sizeof answer);
      if (got > 0) return std::string(answer, static_cast<std::size_t>(got));
    }
    return {};
  }
  // The server says its own with the next text.
  void ask_for_new_keys() {
    SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED);
    go_on();
    socket_.send(said());
  }
  // As OpenSSL does it by itself. Why that failed.
  int renegotiate_by_the_library() {
    SSL_renegotiate(ssl_.get());
    go_on();
    socket_.send(said());
    if (hear()) take_heard();
    ERR_clear_error();
    EXPECT_FALSE(go_on());
    return ERR_GET_REASON(ERR_peek_error());
  }

  bool has_been_cut_off() const { return ended_; }
  std::size_t heard_bytes() const { return heard_bytes_; }

 protected:
  static std::string record_head(char type, std::size_t size) {
    return type + std::string("\x03\x03") + number_of_two_bytes(size);
  }
  // More of what the server says.
  bool hear() {
    const std::size_t before = heard_.size();
    const Received received = socket_.receive(heard_, Deadline(cut_ms_max));
    ended_ = received == Received::end;
    heard_bytes_ += heard_.size() - before;
    return received == Received::data;
  }

  omenia::test::Socket socket_;
  std::string heard_;  // And not taken yet.
  std::string hello_;
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  std::unique_ptr<SSL_CTX, Free> context_{SSL_CTX_new(TLS_client_method())};
  std::unique_ptr<SSL, Free> ssl_;

 private:
  bool go_on() { return SSL_do_handshake(ssl_.get()) == 1; }
  void take_heard() {
    BIO_write(in_, heard_.data(), static_cast<int>(heard_.size()));
    heard_.clear();
  }
  std::string said() {
    std::string wire(BIO_ctrl_pending(out_), '\0');
    if (!wire.empty()) BIO_read(out_, wire.data(), static_cast<int>(wire.size()));
    return wire;
  }

  BIO* in_;
  BIO* out_;
  std::size_t heard_bytes_ = 0;
  bool ended_ = false;
};

// Records of one direction.
class Sealing {
 public:
  Sealing() = default;
  Sealing(std::string key, std::string first_nonce) : key_(std::move(key)), first_nonce_(std::move(first_nonce)) {}

  std::string seal(char type, std::string_view text) {
    std::string tag;
    std::string sealed = turn(true, type, text, tag);
    return sealed + tag;
  }
  std::string open(char type, std::string_view sealed) {
    std::string tag(sealed.substr(sealed.size() - tag_bytes));
    return turn(false, type, sealed.substr(0, sealed.size() - tag_bytes), tag);
  }

 private:
  std::string turn(bool seals, char type, std::string_view text, std::string& tag) {
    std::string about(6, '\0');
    about += number_of_two_bytes(++number_);
    std::string nonce = first_nonce_;
    for (std::size_t i = 0; i < about.size(); ++i) nonce[4 + i] = static_cast<char>(nonce[4 + i] ^ about[i]);
    about += type + std::string("\x03\x03") + number_of_two_bytes(text.size());
    tag.resize(tag_bytes);
    std::string made(text.size(), '\0');
    int size = 0;
    EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
    EVP_CipherInit_ex(cipher, EVP_chacha20_poly1305(), nullptr, bytes_of(key_), bytes_of(nonce), seals);
    EVP_CipherUpdate(cipher, nullptr, &size, bytes_of(about), static_cast<int>(about.size()));
    EVP_CipherUpdate(cipher, bytes_of(made), &size, bytes_of(text), static_cast<int>(text.size()));
    if (!seals) EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag.data());
    EXPECT_EQ(EVP_CipherFinal_ex(cipher, bytes_of(made) + size, &size), 1) << "a record is not falsified";
    if (seals) EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, tag_bytes, tag.data());
    EVP_CIPHER_CTX_free(cipher);
    return made;
  }

  std::string key_;
  std::string first_nonce_;
  std::uint16_t number_ = 0;  // Of the last record; the handshake's had none before it.
};

// TLS 1.2 by hand once the hands are shaken: OpenSSL's client ends at the first renegotiation that is refused.
class HandMadeClient : public CountedClient {
 public:
  explicit HandMadeClient(int port) : CountedClient(port, TLS1_2_VERSION) {
    std::string secret(SSL_MAX_MASTER_KEY_LENGTH, '\0');
    SSL_SESSION_get_master_key(SSL_get_session(ssl_.get()), bytes_of(secret), secret.size());
    std::string randoms(2 * SSL3_RANDOM_SIZE, '\0');
    SSL_get_server_random(ssl_.get(), bytes_of(randoms), SSL3_RANDOM_SIZE);
    SSL_get_client_random(ssl_.get(), bytes_of(randoms) + SSL3_RANDOM_SIZE, SSL3_RANDOM_SIZE);
    const std::string seed = "key expansion" + randoms;
    std::string keys;
    for (std::string a = hmac(secret, seed); keys.size() < 88; a = hmac(secret, a)) keys += hmac(secret, a + seed);
    ours_ = Sealing(keys.substr(0, 32), keys.substr(64, 12));
    theirs_ = Sealing(keys.substr(32, 32), keys.substr(76, 12));
  }

  std::string renegotiation() { return record(handshake_record, hello_); }
  // True when the server has refused it.
  bool renegotiate() {
    send(renegotiation());
    return read(alert_record) == "\x01\x64";
  }
  std::string ask(std::string_view text) {
    send(record(text_record, text));
    return read(text_record);
  }
  void send(std::string_view wire) { socket_.send(wire); }
  void hear_to_the_end() {
    while (hear()) heard_.clear();
  }

 private:
  std::string record(char type, std::string_view text) {
    const std::string sealed = ours_.seal(type, text);
    return record_head(type, sealed.size()) + sealed;
  }
  std::string read(char type) {
    while (heard_.size() < record_head_bytes || heard_.size() < size_of_first())
      if (!hear()) return {};
    EXPECT_EQ(heard_.front(), type);
    const std::size_t size = size_of_first();
    std::string text =
        theirs_.open(heard_.front(), std::string_view(heard_).substr(record_head_bytes, size - record_head_bytes));
    heard_.erase(0, size);
    return text;
  }
  std::size_t size_of_first() const { return record_head_bytes + number_in(std::string_view(heard_).substr(3)); }

  Sealing ours_;
  Sealing theirs_;
};

class TlsReplies : public HttpServer {
 protected:
  void SetUp() override { start({.tls = own_.acceptor()}); }
  int status_for_another() { return omenia::test::https(port(), HttpRequest{}).status; }

  OwnCertificate own_;
};

constexpr const char* good = "HTTP/1.1 200 ";
// So many are less than a connection is given, and one more with the handshake is more.
constexpr std::size_t refusals_max = limits::tls_replies_bytes_max / refusal_bytes;

TEST_F(TlsReplies, AClientThatOnlyRenegotiatesIsCutOffByTheByte) {
  HandMadeClient client(port());
  std::size_t refused = 0;
  while (refused <= refusals_max && client.renegotiate()) ++refused;
  EXPECT_TRUE(client.has_been_cut_off()) << refused << " renegotiations";
  EXPECT_LE(refused, refusals_max);
  EXPECT_GT(client.heard_bytes(), limits::tls_replies_bytes_max);
  EXPECT_LE(client.heard_bytes(), limits::tls_replies_bytes_max + refusal_bytes);
  EXPECT_EQ(status_for_another(), 200);
}

TEST_F(TlsReplies, SoIsOneThatDoesNotEvenReadTheRefusals) {
  HandMadeClient client(port());
  std::string wire;
  for (std::size_t i = 0; i <= refusals_max; ++i) wire += client.renegotiation();
  client.send(wire);
  client.hear_to_the_end();
  EXPECT_TRUE(client.has_been_cut_off());
  EXPECT_EQ(status_for_another(), 200);
}

TEST_F(TlsReplies, WhoRenegotiatesTwiceIsRefusedThatAndAnswered) {
  HandMadeClient client(port());
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(client.renegotiate());
    EXPECT_TRUE(client.ask(get("/")).starts_with(good));
  }
}

TEST_F(TlsReplies, OpenSslsOwnClientGivesUpItself) {
  CountedClient client(port(), TLS1_2_VERSION);
  EXPECT_TRUE(client.ask(get("/")).starts_with(good));
  EXPECT_EQ(client.renegotiate_by_the_library(), SSL_R_NO_RENEGOTIATION);
  EXPECT_EQ(status_for_another(), 200);
}

TEST_F(TlsReplies, OurOwnTextIsNotCounted) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    CountedClient client(port(), version);
    std::size_t answered = 0;
    while (answered <= refusals_max && client.ask(get("/")).starts_with(good)) ++answered;
    EXPECT_EQ(answered, refusals_max + 1);
    EXPECT_GT(client.heard_bytes(), 2 * limits::tls_replies_bytes_max);
  }
}

TEST_F(TlsReplies, NorAreNewKeysThatComeWithIt) {
  CountedClient client(port(), TLS1_3_VERSION);
  std::size_t answered = 0;
  while (answered <= refusals_max) {
    client.ask_for_new_keys();
    if (!client.ask(get("/")).starts_with(good)) break;
    ++answered;
  }
  EXPECT_EQ(answered, refusals_max + 1);
}

}  // namespace
}  // namespace omenia::http::test
