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

  // Like open(), where sockets of our own may have the port on another address ("127.0.0.1" beside "0.0.0.0").
  static Result<Listener> open_beside(const std::vector<Listener>& ours, const ListenAddress& address);
  Result<Listener> duplicate() const;

  // A socket that another process opened. Error: system, when it is not a TCP socket that listens.
  static Result<Listener> adopt(Fd fd);

  int fd() const { return fd_.get(); }
  int port() const;  // The one that is really bound.
  const ListenAddress& address() const { return address_; }

 private:
  Listener(Fd fd, ListenAddress address) : fd_(std::move(fd)), address_(std::move(address)) {}
  static Result<Listener> open(const ListenAddress& address, bool shares_port);
  void share_port(bool on) const;

  Fd fd_;
  ListenAddress address_;
};

// All of them or none. A port that is taken is tried again for `retry_ms`, then its holder is named.
Result<std::vector<Listener>> open_listeners(const std::vector<ListenAddress>& addresses,
                                             int retry_ms = limits::listen_retry_ms_max);

// The same beside those that serve; an address that is served already keeps its socket. Never waits.
Result<std::vector<Listener>> open_listeners_beside(const std::vector<Listener>& ours,
                                                    const std::vector<ListenAddress>& addresses);

// "Port 18789 is already in use." and a line for each process that holds it; empty when none is known.
std::string port_diagnosis(int port);

}  // namespace omenia::supervisor
