#pragma once
// Listener: a listening socket that the supervisor owns for life. Workers inherit it and accept; while none runs, new
// connections wait in its backlog.

#include <string>
#include <vector>

#include "shared/base/fd.h"
#include "shared/base/limits.h"
#include "shared/base/result.h"
#include "shared/protocol/launch.h"

namespace omenia::supervisor {

class Listener {
 public:
  // Error: port_in_use, or system; the message is for the operator.
  static Result<Listener> open(const ListenAddress& address);

  int fd() const { return fd_.get(); }
  int port() const;  // The one that is really bound.

 private:
  explicit Listener(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

// All of them or none. A port that is taken is tried again for `retry_ms`, then its holder is named.
Result<std::vector<Listener>> open_listeners(const std::vector<ListenAddress>& addresses,
                                             int retry_ms = limits::listen_retry_ms_max);

// "Port 18789 is already in use." and a line for each process that holds it; empty when none is known.
std::string port_diagnosis(int port);

}  // namespace omenia::supervisor
