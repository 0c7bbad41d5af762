#pragma once
// TlsTrust: by what a command knows that the server it talks to over TLS is the gateway that is meant.

#include <openssl/ssl.h>

#include <string>
#include <vector>

#include "cli/target.h"
#include "shared/config/config.h"

namespace omenia::cli {

// For the gateway of this machine: the certificate that its files hold. For a remote one: its configured fingerprint.
// Otherwise authorities, those of gateway.tls.caPath or the system's, and the name that was asked for.
TlsTrust trust_for(const Target& target, const Config& config, const std::string& state_dir);

// Holds the certificate of one connection against that.
class TlsCheck {
 public:
  TlsCheck(TlsTrust trust, std::string host) : trust_(std::move(trust)), host_(std::move(host)) {}

  void install(SSL_CTX* context);  // The check outlives the context.

  // Why the certificate was refused, and its fingerprint; empty: it was not.
  const std::string& problem() const { return problem_; }

 private:
  static int on_certificate(X509_STORE_CTX* store, void* check);
  bool accepts(X509_STORE_CTX* store);
  bool has_right_name_and_issuer(X509_STORE_CTX* store);

  TlsTrust trust_;
  std::string host_;
  std::string problem_;
};

}  // namespace omenia::cli
