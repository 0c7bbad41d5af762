#pragma once
// TlsEnd: a client's end of TLS on a connected socket. It trusts nobody and says whom it has met, so that a test can
// look at that.

#include <memory>
#include <string>
#include <string_view>

#include "tests/support/deadline.h"

struct ssl_st;
struct ssl_ctx_st;

namespace omenia::test {

struct TlsWish {
  int version_min = 0;  // TLS1_2_VERSION and so on; 0: what the library has.
  int version_max = 0;
  std::string ciphers{};      // Of TLS 1.2 and before, as OpenSSL names them.
  std::string protocol{};     // Offered by ALPN.
  std::string authorities{};  // PEM file; the certificate is checked against it, and the name.
  std::string name = "localhost";
};

class TlsEnd {
 public:
  TlsEnd(int fd, const TlsWish& wish);  // With the handshake.
  ~TlsEnd();

  bool open() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }
  std::string version() const;      // "TLSv1.3"
  std::string protocol() const;     // Agreed on by ALPN; empty: none.
  std::string fingerprint() const;  // Of the certificate, SHA-256, 64 digits.

  bool send(std::string_view bytes, const Deadline& deadline);
  // Bytes appended; 0: the end, said or not; -1: nothing within the time.
  long receive(std::string& into, const Deadline& deadline);
  bool said_end() const;  // The server has ended TLS, not only the connection.
  void end_sending();

 private:
  bool wait_after(int outcome, const Deadline& deadline);

  struct Free {
    void operator()(ssl_ctx_st* context) const;
    void operator()(ssl_st* ssl) const;
  };
  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::unique_ptr<ssl_st, Free> ssl_;
  int fd_;
  std::string problem_;
};

}  // namespace omenia::test
