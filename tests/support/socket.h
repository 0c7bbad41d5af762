#pragma once
// Socket: a blocking TCP connection to loopback with deadlines, for clients that may send anything at all.

#include <string>
#include <string_view>

#include "shared/base/fd.h"
#include "tests/support/deadline.h"

namespace omenia::test {

enum class Received { data, end, late };  // Some bytes; the other side closed or reset; nothing within the time.

class Socket {
 public:
  Socket() = default;
  explicit Socket(int port);  // Not open when the connection was refused.

  bool open() const { return fd_.valid(); }
  int descriptor() const { return fd_.get(); }
  bool send(std::string_view bytes);  // False when the other side is gone or takes nothing more.
  Received receive(std::string& into, const Deadline& deadline = Deadline());  // Appends what has come.
  void end_sending();  // Half close: the other side reads an end.
  void close() { fd_.reset(); }
  void reset();  // Closes with RST instead of FIN.
  void shrink_receive_buffer(int bytes);

 private:
  Fd fd_;
};

}  // namespace omenia::test
