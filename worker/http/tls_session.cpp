#include "worker/http/tls_session.h"

#include <openssl/err.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "shared/base/ensure.h"
#include "shared/tls/objects.h"

namespace omenia::http {

namespace {
constexpr std::size_t record_bytes_max = std::size_t{16} * 1024;
}

// OpenSSL reads and writes through this, once for the process.
BIO_METHOD* TlsSession::pipe() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "session");
    ensure(made != nullptr, "memory for TLS is there");
    BIO_meth_set_read(made, &TlsSession::on_read);
    BIO_meth_set_write(made, &TlsSession::on_write);
    BIO_meth_set_ctrl(made, &TlsSession::on_control);
    return made;
  }();
  return method;
}

int TlsSession::on_read(BIO* bio, char* into, int size) {
  auto* session = static_cast<TlsSession*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (session->incoming_.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t taken = std::min(static_cast<std::size_t>(size), session->incoming_.size());
  std::memcpy(into, session->incoming_.data(), taken);
  session->incoming_.remove_prefix(taken);
  return static_cast<int>(taken);
}

// What OpenSSL wants to say while nobody listens, at the end of a session, is lost.
int TlsSession::on_write(BIO* bio, const char* from, int size) {
  auto* session = static_cast<TlsSession*>(BIO_get_data(bio));
  if (session->outgoing_) session->outgoing_->append(from, static_cast<std::size_t>(size));
  return size;
}

long TlsSession::on_control(BIO*, int what, long, void*) {
  return what == BIO_CTRL_FLUSH ? 1 : 0;
}

TlsSession::TlsSession(SSL_CTX& context, std::shared_ptr<TlsCounts> counts)
    : ssl_(SSL_new(&context)), counts_(std::move(counts)) {
  ensure(ssl_ != nullptr, "memory for a TLS session is there");
  BIO* bio = BIO_new(pipe());
  ensure(bio != nullptr, "memory for a TLS session is there");
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
  ++counts_->alive;
}

TlsSession::~TlsSession() {
  --counts_->alive;
}

TlsSession::State TlsSession::receive(std::string_view wire, std::string& text, std::string& reply) {
  if (state_ == State::ended || state_ == State::broken) return state_;
  incoming_ = wire;
  outgoing_ = &reply;
  read_text(text);
  incoming_ = {};
  outgoing_ = nullptr;
  return state_;
}

void TlsSession::read_text(std::string& text) {
  while (true) {
    const std::size_t before = text.size();
    text.resize(before + record_bytes_max);
    std::size_t got = 0;
    ERR_clear_error();
    const int outcome = SSL_read_ex(ssl_.get(), text.data() + before, record_bytes_max, &got);
    text.resize(before + got);
    if (state_ == State::handshake && SSL_is_init_finished(ssl_.get())) {
      state_ = State::open;
      ++counts_->opened;
    }
    if (outcome != 1) return take_error(SSL_get_error(ssl_.get(), outcome));
  }
}

void TlsSession::take_error(int error) {
  if (error == SSL_ERROR_WANT_READ) return;
  if (error == SSL_ERROR_ZERO_RETURN) {
    state_ = State::ended;
    return;
  }
  problem_ = tls::last_problem();
  if (state_ == State::handshake) ++counts_->failed;
  state_ = State::broken;
}

void TlsSession::encrypt(std::string_view text, std::string& wire) {
  if (state_ == State::handshake || state_ == State::broken || said_end_) return;
  outgoing_ = &wire;
  std::size_t written = 0;
  ERR_clear_error();
  // All of it at once: what takes the bytes never has to wait.
  const int outcome = text.empty() ? 1 : SSL_write_ex(ssl_.get(), text.data(), text.size(), &written);
  outgoing_ = nullptr;
  if (outcome != 1) take_error(SSL_get_error(ssl_.get(), outcome));
}

void TlsSession::end(std::string& wire) {
  if (state_ == State::handshake || state_ == State::broken || std::exchange(said_end_, true)) return;
  outgoing_ = &wire;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  outgoing_ = nullptr;
  ERR_clear_error();
}

}  // namespace omenia::http
