#pragma once
// ServiceNotify: tells the service manager how we are, when its environment asks for it (NOTIFY_SOCKET, systemd's
// protocol: lines NAME=value in one datagram).

#include <string>
#include <string_view>

#include "shared/base/fd.h"

namespace omenia::supervisor {

class ServiceNotify {
 public:
  // `address` is the value of NOTIFY_SOCKET: a path, or "@name" for an abstract socket. Empty: nobody wants to know.
  explicit ServiceNotify(std::string address);

  const std::string& address() const { return address_; }
  void send(std::string_view message) const;  // Never waits; what the manager does not take is dropped.

 private:
  std::string address_;
  Fd socket_;
};

}  // namespace omenia::supervisor
