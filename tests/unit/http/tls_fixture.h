#pragma once
// A certificate of the tests' own, made as the gateway makes one, and the acceptor that shows it.

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>

#include "shared/tls/own_certificate.h"
#include "tests/support/temp_dir.h"
#include "worker/http/tls_acceptor.h"

namespace omenia::http::test {

struct OwnCertificate {
  OwnCertificate() { make(); }
  // Another pair in the same place.
  void make() {
    std::remove(files.certificate.c_str());
    std::remove(files.key.c_str());
    const auto made = make_own_certificate(files);
    EXPECT_TRUE(made.ok()) << made.error().message;
  }
  std::shared_ptr<TlsAcceptor> acceptor(Logger log = {}) const {
    auto opened = TlsAcceptor::open(files, std::move(log));
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return opened.ok() ? opened.value() : nullptr;
  }
  std::string fingerprint() const { return fingerprint_of_file(files.certificate).value(); }

  omenia::test::TempDir folder;
  TlsFiles files{folder / "tls/cert.pem", folder / "tls/key.pem", true};
};

}  // namespace omenia::http::test
