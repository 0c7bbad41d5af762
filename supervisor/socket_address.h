#pragma once
// SocketAddress: a numeric address and port as the socket calls take it.

#include <sys/socket.h>

#include <optional>

#include "shared/protocol/launch.h"

namespace omenia::supervisor {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  static std::optional<SocketAddress> of(const ListenAddress& address);  // Nothing when the host is not numeric.
  static std::optional<ListenAddress> bound_to(int socket);              // Nothing when it is no TCP socket.
  int family() const { return storage.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

}  // namespace omenia::supervisor
