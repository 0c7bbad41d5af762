#include "worker/net/plain_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace omenia::net {

namespace {

template <typename Address>
SocketAddress socket_address(const Address& address) {
  SocketAddress socket_address{};
  std::memcpy(&socket_address.bytes, &address, sizeof address);
  socket_address.size = sizeof address;
  return socket_address;
}

std::optional<SocketAddress> ipv6_of(const Endpoint& endpoint) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(endpoint.port));
  if (::inet_pton(AF_INET6, endpoint.host.c_str(), &address.sin6_addr) != 1) return std::nullopt;
  return socket_address(address);
}

std::optional<SocketAddress> ipv4_of(const Endpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(endpoint.port));
  if (::inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr) != 1) return std::nullopt;
  return socket_address(address);
}

// Of an address, not of a name: which address localhost is, and in which order, is for this machine's files to say.
std::optional<SocketAddress> address_of(const Endpoint& endpoint) {
  if (!endpoint.is_loopback()) return std::nullopt;
  return endpoint.host.find(':') == std::string::npos ? ipv4_of(endpoint) : ipv6_of(endpoint);
}

// Whether an URL says what goes into the request line as it stands: no user, nothing to escape or to resolve.
bool is_simple(std::string_view url) {
  const bool printable = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return printable && url.find_first_of("@\\#") == std::string_view::npos && url.find("/.") == std::string_view::npos;
}

std::string path_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  const auto path = url.find_first_of("/?");
  if (path == std::string_view::npos) return "/";
  return (url[path] == '?' ? "/" : "") + std::string(url.substr(path));
}

}  // namespace

std::optional<PlainTarget> plain_target_of(const OutboundRequest& request, const Endpoint& endpoint) {
  if (endpoint.tls || request.may_connect || !is_simple(request.url)) return std::nullopt;
  const auto address = address_of(endpoint);
  if (!address) return std::nullopt;
  return PlainTarget{*address, path_of(request.url)};
}

}  // namespace omenia::net
