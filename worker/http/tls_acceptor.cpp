#include "worker/http/tls_acceptor.h"

#include <openssl/err.h>
#include <sys/stat.h>

#include <string_view>
#include <utility>

#include "shared/base/clock.h"
#include "shared/base/fingerprint.h"
#include "shared/base/limits.h"
#include "shared/tls/objects.h"

namespace omenia::http {

namespace {

// TLS 1.2 with a key of each session's own and authenticated encryption; what 1.3 has is all good.
constexpr const char* ciphers_of_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

// Changes whenever one of the files is written or replaced; links are followed.
std::string look_of(const TlsFiles& files) {
  std::string look;
  for (const std::string& path : {files.certificate, files.key}) {
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0) {
      look += "none ";
      continue;
    }
    for (const auto number :
         {static_cast<std::int64_t>(file.st_ino), static_cast<std::int64_t>(file.st_size),
          static_cast<std::int64_t>(file.st_mtim.tv_sec), static_cast<std::int64_t>(file.st_mtim.tv_nsec)})
      look += std::to_string(number) + " ";
  }
  return look;
}

Error problem(const char* key, const std::string& path, const std::string& what) {
  return fail(ErrorCode::config_invalid, std::string(key) + ": " + path + " " + what);
}

// HTTP/1.1 is what is spoken here. A client that does not offer it may still try.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  constexpr std::string_view ours("\x08http/1.1");
  unsigned char* found = nullptr;
  const int outcome = SSL_select_next_proto(&found, size, reinterpret_cast<const unsigned char*>(ours.data()),
                                            static_cast<unsigned int>(ours.size()), offered, offered_size);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void configure(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(context, ciphers_of_1_2);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);  // An idle connection keeps none.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, tls::no_pass_phrase);
}

}  // namespace

Result<std::shared_ptr<TlsAcceptor>> TlsAcceptor::open(TlsFiles files, Logger log) {
  std::shared_ptr<TlsAcceptor> acceptor(new TlsAcceptor(std::move(files), std::move(log)));
  acceptor->seen_ = look_of(acceptor->files_);
  acceptor->looked_ms_ = steady_ms();
  TRY_ASSIGN(acceptor->loaded_, load(acceptor->files_));
  acceptor->note_weak_points();
  return acceptor;
}

Result<TlsAcceptor::Loaded> TlsAcceptor::load(const TlsFiles& files) {
  Loaded loaded;
  loaded.context.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = loaded.context.get();
  if (!context) return fail(ErrorCode::system, "TLS cannot be set up: " + tls::last_problem());
  configure(context);
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return problem("gateway.tls.certPath", files.certificate, "gives no certificate: " + tls::last_problem());
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return problem("gateway.tls.keyPath", files.key,
                   "gives no key for the certificate " + files.certificate + ": " + tls::last_problem());
  loaded.fingerprint = tls::fingerprint_of(*SSL_CTX_get0_certificate(context));
  return loaded;
}

std::unique_ptr<TlsSession> TlsAcceptor::accept() {
  if (counts_->alive >= limits::tls_sessions_max) return nullptr;
  if (const std::int64_t now_ms = steady_ms(); now_ms - looked_ms_ >= limits::tls_files_look_ms) {
    looked_ms_ = now_ms;
    look_for_another();
  }
  return std::make_unique<TlsSession>(*loaded_.context, counts_);
}

void TlsAcceptor::look_for_another() {
  std::string look = look_of(files_);
  if (look == seen_) return;
  seen_ = std::move(look);
  auto another = load(files_);
  if (!another.ok()) {
    log_.warn("the certificate has changed and is not used, the one before goes on: " + another.error().message);
    return;
  }
  loaded_ = std::move(another).value();
  log_.info("TLS certificate renewed, SHA-256 " + shown_fingerprint(fingerprint()));
  note_weak_points();
}

void TlsAcceptor::note_weak_points() const {
  const X509* certificate = SSL_CTX_get0_certificate(loaded_.context.get());
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
    log_.warn("the certificate " + files_.certificate + " has run out: clients will refuse it");
  struct stat file {};
  if (::stat(files_.key.c_str(), &file) == 0 && (file.st_mode & 077) != 0)
    log_.warn("the key " + files_.key + " can be read by others: chmod 600 it");
}

}  // namespace omenia::http
