#include "cli/tls_trust.h"

#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <algorithm>

#include "shared/base/fingerprint.h"
#include "shared/tls/files.h"
#include "shared/tls/objects.h"

namespace omenia::cli {

namespace {

bool is_address(const std::string& host) {
  in6_addr bytes{};
  return ::inet_pton(AF_INET, host.c_str(), &bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), &bytes) == 1;
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || (is_address(host) && host.starts_with("127."));
}

}  // namespace

TlsTrust trust_for(const Target& target, const Config& config, const std::string& state_dir) {
  TlsTrust trust;
  trust.authorities_file = config.tls_authorities_file;
  if (target.is_remote() && !config.remote_fingerprint.empty()) {
    trust.fingerprint = plain_fingerprint(config.remote_fingerprint);
    trust.by_authorities = false;
  } else if (config.tls_enabled && is_this_machine(target.host)) {
    const auto own = fingerprint_of_file(tls_files(config, state_dir).certificate);
    if (own.ok()) trust.fingerprint = own.value();
  }
  return trust;
}

void TlsCheck::install(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cert_verify_callback(context, &TlsCheck::on_certificate, this);
  if (!trust_.by_authorities) return;
  const bool loaded = trust_.authorities_file.empty()
                          ? SSL_CTX_set_default_verify_paths(context) == 1
                          : SSL_CTX_load_verify_locations(context, trust_.authorities_file.c_str(), nullptr) == 1;
  if (!loaded) problem_ = "the authorities in " + trust_.authorities_file + " cannot be used: " + tls::last_problem();
}

int TlsCheck::on_certificate(X509_STORE_CTX* store, void* check) {
  return static_cast<TlsCheck*>(check)->accepts(store) ? 1 : 0;
}

bool TlsCheck::accepts(X509_STORE_CTX* store) {
  const X509* certificate = X509_STORE_CTX_get0_cert(store);
  const std::string shown = certificate ? tls::fingerprint_of(*certificate) : "";
  if (shown.empty()) return false;
  if (shown == trust_.fingerprint) {
    problem_.clear();
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return true;
  }
  if (trust_.by_authorities && has_right_name_and_issuer(store)) return true;
  const std::string why = problem_.empty() ? "it has another fingerprint than the one that is known" : problem_;
  problem_ = "the certificate of " + host_ + " is not trusted: " + why + " (SHA-256 " + shown_fingerprint(shown) + ")";
  return false;
}

bool TlsCheck::has_right_name_and_issuer(X509_STORE_CTX* store) {
  X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(store);
  X509_VERIFY_PARAM_set1_host(wanted, is_address(host_) ? nullptr : host_.c_str(), 0);
  if (is_address(host_)) X509_VERIFY_PARAM_set1_ip_asc(wanted, host_.c_str());
  if (X509_verify_cert(store) == 1) return true;
  if (problem_.empty()) problem_ = X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
  return false;
}

}  // namespace omenia::cli
