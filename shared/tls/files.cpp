#include "shared/tls/files.h"

#include <openssl/pem.h>

#include <cstdio>

#include "shared/tls/objects.h"

namespace omenia {

TlsFiles tls_files(const Config& config, const std::string& state_dir) {
  if (!config.tls_certificate_file.empty()) return {config.tls_certificate_file, config.tls_key_file, false};
  return {state_dir + "/tls/gateway-cert.pem", state_dir + "/tls/gateway-key.pem", true};
}

Result<std::string> fingerprint_of_file(const std::string& certificate_path) {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(certificate_path.c_str(), "re"),
                                                                &std::fclose);
  if (!file) return fail(ErrorCode::config_invalid, "The certificate " + certificate_path + " cannot be read.");
  const tls::CertificatePointer certificate(PEM_read_X509(file.get(), nullptr, nullptr, nullptr));
  if (!certificate)
    return fail(ErrorCode::config_invalid,
                "The file " + certificate_path + " holds no certificate (" + tls::last_problem() + ").");
  return tls::fingerprint_of(*certificate);
}

}  // namespace omenia
