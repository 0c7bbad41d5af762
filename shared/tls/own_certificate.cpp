#include "shared/tls/own_certificate.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "shared/base/fd.h"
#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "shared/tls/objects.h"

namespace omenia {

namespace {

using tls::CertificatePointer;
using tls::KeyPointer;
using FilePointer = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

constexpr long seconds_a_day = 24L * 3600;
constexpr long clock_difference_s = 3600;  // Of clients whose clock is behind.

Error problem(const std::string& path, const std::string& what) {
  return fail(ErrorCode::system, "The gateway's " + path + " " + what);
}

FilePointer open_for_reading(const std::string& path) {
  return {std::fopen(path.c_str(), "re"), &std::fclose};
}

// Written aside, so that nobody sees half of it. `replace`: also when it is there by then.
template <typename Write>
Result<void> put(const std::string& path, bool replace, Write write) {
  const std::string aside = path + "." + random_uuid();
  Fd descriptor(::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!descriptor.valid()) return problem(path, std::string("cannot be made: ") + std::strerror(errno));
  FilePointer file(::fdopen(descriptor.get(), "w"), &std::fclose);
  if (!file) return problem(path, "cannot be made");
  [[maybe_unused]] const int owned_by_file = descriptor.release();
  const bool written = write(file.get()) == 1 && std::fflush(file.get()) == 0 && ::fsync(::fileno(file.get())) == 0;
  const bool there = written && (replace ? std::rename(aside.c_str(), path.c_str()) == 0
                                         : ::link(aside.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const int error = errno;
  ::unlink(aside.c_str());
  if (there) return {};
  return problem(path, std::string("cannot be written: ") + std::strerror(error));
}

Result<KeyPointer> key_in(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) {
    const KeyPointer made(EVP_EC_gen("P-256"));
    if (!made) return problem(path, "cannot be made: " + tls::last_problem());
    TRY(put(path, false, [&](std::FILE* file) {
      return PEM_write_PrivateKey(file, made.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }));
  }
  const FilePointer file = open_for_reading(path);
  KeyPointer key(file ? PEM_read_PrivateKey(file.get(), nullptr, tls::no_pass_phrase, nullptr) : nullptr);
  if (key) return key;
  return problem(path, "cannot be used (" + tls::last_problem() +
                           "). Remove it: the gateway makes another one, with another fingerprint.");
}

bool is_good(const std::string& path, EVP_PKEY* key) {
  const FilePointer file = open_for_reading(path);
  const CertificatePointer certificate(file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
  static_cast<void>(tls::last_problem());
  return certificate && X509_cmp_current_time(X509_get0_notAfter(certificate.get())) > 0 &&
         X509_check_private_key(certificate.get(), key) == 1;
}

bool is_name(const std::string& name) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '.'; };
  return !name.empty() && std::all_of(name.begin(), name.end(), fits);
}

std::string names_of_this_machine() {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) == 0 && is_name(host)) names += ",DNS:" + std::string(host);
  return names;
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

CertificatePointer certificate_for(EVP_PKEY* key) {
  CertificatePointer certificate(X509_new());
  X509* made = certificate.get();
  if (!made || X509_set_version(made, X509_VERSION_3) != 1) return nullptr;
  const std::string serial = sha256_hex(random_uuid()).substr(0, 15);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), std::stoull(serial, nullptr, 16));
  X509_gmtime_adj(X509_getm_notBefore(made), -clock_difference_s);
  X509_gmtime_adj(X509_getm_notAfter(made), limits::tls_certificate_days * seconds_a_day);
  X509_NAME* name = X509_get_subject_name(made);
  const auto* common = reinterpret_cast<const unsigned char*>("OmeniaClaw gateway");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
  const bool whole = X509_set_issuer_name(made, name) == 1 && X509_set_pubkey(made, key) == 1 &&
                     add_extension(made, NID_basic_constraints, "critical,CA:FALSE") &&
                     add_extension(made, NID_key_usage, "critical,digitalSignature") &&
                     add_extension(made, NID_ext_key_usage, "serverAuth") &&
                     add_extension(made, NID_subject_alt_name, names_of_this_machine());
  return whole && X509_sign(made, key, EVP_sha256()) > 0 ? std::move(certificate) : nullptr;
}

}  // namespace

Result<void> make_own_certificate(const TlsFiles& files) {
  const std::string folder = files.key.substr(0, files.key.rfind('/'));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return problem(folder, std::string("cannot be made: ") + std::strerror(errno));
  TRY_ASSIGN(const KeyPointer key, key_in(files.key));
  if (is_good(files.certificate, key.get())) return {};
  const CertificatePointer made = certificate_for(key.get());
  if (!made) return problem(files.certificate, "cannot be made: " + tls::last_problem());
  return put(files.certificate, true, [&](std::FILE* file) { return PEM_write_X509(file, made.get()); });
}

}  // namespace omenia
