#include "shared/tls/objects.h"

#include <openssl/err.h>

#include "shared/base/ids.h"

namespace omenia::tls {

std::string last_problem() {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason ? reason : "no reason is given";
}

int no_pass_phrase(char*, int, int, void*) {
  return 0;
}

std::string fingerprint_of(const X509& certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(&certificate, &bytes);
  if (size <= 0) return {};
  std::string fingerprint = sha256_hex({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
  OPENSSL_free(bytes);
  return fingerprint;
}

}  // namespace omenia::tls
