#pragma once
// Socket: a blocking TCP connection to loopback with deadlines, for clients that may send anything at all.

#include <memory>
#include <string>
#include <string_view>

#include "shared/base/fd.h"
#include "tests/support/deadline.h"
#include "tests/support/tls_end.h"

namespace omenia::test {

enum class Received { data, end, late };  // Some bytes; the other side closed or reset; nothing within the time.

class Socket {
 public:
  Socket() = default;
  explicit Socket(int port);              // Not open when the connection was refused.
  Socket(int port, const TlsWish& wish);  // Over TLS; not open when the handshake failed either: tls() says why.

  bool open() const { return fd_.valid() && (!tls_ || tls_->open()); }
  int descriptor() const { return fd_.get(); }
  bool send(std::string_view bytes);  // False when the other side is gone or takes nothing more.
  Received receive(std::string& into, const Deadline& deadline = Deadline());  // Appends what has come.
  void end_sending();  // Half close: the other side reads an end.
  void close() { fd_.reset(); }
  void reset();  // Closes with RST instead of FIN.
  void shrink_receive_buffer(int bytes);
  TlsEnd* tls() const { return tls_.get(); }  // Null: plain.

 private:
  Fd fd_;
  std::unique_ptr<TlsEnd> tls_;
};

}  // namespace omenia::test
