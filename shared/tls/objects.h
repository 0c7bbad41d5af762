#pragma once
// Objects of OpenSSL that end with their owner, and what it says when something fails.

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace omenia::tls {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, Free>;
using CertificatePointer = std::unique_ptr<X509, Free>;

std::string last_problem();  // Of this thread, in OpenSSL's words; forgets it.

// For whatever reads keys: nobody is asked for a pass phrase.
int no_pass_phrase(char* into, int size, int is_writing, void* user);

std::string fingerprint_of(const X509& certificate);  // SHA-256, 64 hexadecimal digits.

}  // namespace omenia::tls
