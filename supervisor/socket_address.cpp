#include "supervisor/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace omenia::supervisor {

std::optional<SocketAddress> SocketAddress::of(const ListenAddress& address) {
  SocketAddress result;
  const auto port = htons(static_cast<std::uint16_t>(address.port));
  auto* v4 = reinterpret_cast<sockaddr_in*>(&result.storage);
  if (::inet_pton(AF_INET, address.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = port;
    result.length = sizeof *v4;
    return result;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&result.storage);
  if (::inet_pton(AF_INET6, address.host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = port;
    result.length = sizeof *v6;
    return result;
  }
  return std::nullopt;
}

std::optional<ListenAddress> SocketAddress::bound_to(int socket) {
  SocketAddress bound;
  bound.length = sizeof bound.storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound.storage), &bound.length) != 0) return std::nullopt;
  char host[INET6_ADDRSTRLEN] = "";
  if (bound.family() == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&bound.storage);
    ::inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host);
    return ListenAddress{host, ntohs(v4->sin_port)};
  }
  if (bound.family() != AF_INET6) return std::nullopt;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&bound.storage);
  ::inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host);
  return ListenAddress{host, ntohs(v6->sin6_port)};
}

}  // namespace omenia::supervisor
