#include "tests/support/tls_end.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include "shared/base/ids.h"

namespace omenia::test {

namespace {

std::string last_problem() {
  const unsigned long code = ERR_peek_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason ? reason : "the connection ended";
}

void apply(SSL_CTX* context, SSL* ssl, const TlsWish& wish) {
  SSL_set_min_proto_version(ssl, wish.version_min);
  SSL_set_max_proto_version(ssl, wish.version_max);
  if (wish.version_max != 0 && wish.version_max < TLS1_2_VERSION) SSL_set_security_level(ssl, 0);
  if (!wish.ciphers.empty()) SSL_set_cipher_list(ssl, wish.ciphers.c_str());
  if (!wish.protocol.empty()) {
    const std::string list = static_cast<char>(wish.protocol.size()) + wish.protocol;
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(list.data()), static_cast<unsigned>(list.size()));
  }
  if (wish.authorities.empty()) return;
  SSL_CTX_load_verify_locations(context, wish.authorities.c_str(), nullptr);
  SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), wish.name.c_str()) != 1) SSL_set1_host(ssl, wish.name.c_str());
}

}  // namespace

void TlsEnd::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}
void TlsEnd::Free::operator()(ssl_st* ssl) const {
  SSL_free(ssl);
}

TlsEnd::TlsEnd(int fd, const TlsWish& wish)
    : context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_.get())), fd_(fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  apply(context_.get(), ssl_.get(), wish);
  SSL_set_fd(ssl_.get(), fd);
  const Deadline deadline;
  for (;;) {
    ERR_clear_error();
    const int outcome = SSL_connect(ssl_.get());
    if (outcome == 1) return;
    if (!wait_after(outcome, deadline)) break;
  }
  problem_ = last_problem();
}

TlsEnd::~TlsEnd() = default;

bool TlsEnd::wait_after(int outcome, const Deadline& deadline) {
  const int error = SSL_get_error(ssl_.get(), outcome);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return false;
  pollfd watched{fd_, static_cast<short>(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
  return ::poll(&watched, 1, deadline.remaining_ms()) == 1;
}

std::string TlsEnd::version() const {
  return SSL_get_version(ssl_.get());
}

std::string TlsEnd::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return std::string(reinterpret_cast<const char*>(name), size);
}

std::string TlsEnd::fingerprint() const {
  X509* certificate = SSL_get0_peer_certificate(ssl_.get());
  unsigned char* bytes = nullptr;
  const int size = certificate ? i2d_X509(certificate, &bytes) : 0;
  if (size <= 0) return {};
  std::string fingerprint = sha256_hex({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
  OPENSSL_free(bytes);
  return fingerprint;
}

bool TlsEnd::send(std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    ERR_clear_error();
    const int outcome = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
    if (outcome == 1) {
      bytes.remove_prefix(sent);
    } else if (!wait_after(outcome, deadline)) {
      return false;
    }
  }
  return true;
}

long TlsEnd::receive(std::string& into, const Deadline& deadline) {
  char bytes[16 * 1024];
  for (;;) {
    std::size_t got = 0;
    ERR_clear_error();
    const int outcome = SSL_read_ex(ssl_.get(), bytes, sizeof bytes, &got);
    if (outcome == 1) {
      into.append(bytes, got);
      return static_cast<long>(got);
    }
    const int error = SSL_get_error(ssl_.get(), outcome);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return 0;
    if (!wait_after(outcome, deadline)) return -1;
  }
}

bool TlsEnd::said_end() const {
  return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void TlsEnd::end_sending() {
  SSL_shutdown(ssl_.get());
}

}  // namespace omenia::test
