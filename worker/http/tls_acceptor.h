#pragma once
// TlsAcceptor: the certificate of the port, and a session for each connection that begins TLS. A renewed certificate is
// seen by itself: the next connection gets it. One that cannot be used changes nothing and is named in the log.

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>

#include "shared/base/result.h"
#include "shared/log/log.h"
#include "shared/tls/files.h"
#include "worker/http/tls_session.h"

namespace omenia::http {

class TlsAcceptor {
 public:
  // Error: config_invalid, names the file and what is wrong with it.
  static Result<std::shared_ptr<TlsAcceptor>> open(TlsFiles files, Logger log);

  std::unique_ptr<TlsSession> accept();  // Null: there are too many.

  const std::string& fingerprint() const { return loaded_.fingerprint; }  // 64 hexadecimal digits.
  const TlsCounts& counts() const { return *counts_; }
  const TlsFiles& files() const { return files_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  struct Loaded {
    std::unique_ptr<SSL_CTX, Free> context;
    std::string fingerprint;
  };
  TlsAcceptor(TlsFiles files, Logger log) : files_(std::move(files)), log_(std::move(log)) {}

  static Result<Loaded> load(const TlsFiles& files);
  void look_for_another();
  void note_weak_points() const;

  TlsFiles files_;
  Logger log_;
  Loaded loaded_;
  std::string seen_;  // What the files looked like when they were read last.
  std::int64_t looked_ms_ = 0;
  std::shared_ptr<TlsCounts> counts_ = std::make_shared<TlsCounts>();
};

}  // namespace omenia::http
