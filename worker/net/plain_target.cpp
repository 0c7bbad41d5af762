#include "worker/net/plain_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
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

void add_ipv6(std::vector<SocketAddress>& addresses, const char* host, int port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET6, host, &address.sin6_addr) == 1) addresses.push_back(socket_address(address));
}

void add_ipv4(std::vector<SocketAddress>& addresses, const char* host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, host, &address.sin_addr) == 1) addresses.push_back(socket_address(address));
}

// A name below localhost is left to curl, which may know more of it.
std::vector<SocketAddress> addresses_of(const Endpoint& endpoint) {
  std::vector<SocketAddress> addresses;
  if (!endpoint.is_loopback()) return addresses;
  const bool both = endpoint.host == "localhost";
  add_ipv6(addresses, both ? "::1" : endpoint.host.c_str(), endpoint.port);
  add_ipv4(addresses, both ? "127.0.0.1" : endpoint.host.c_str(), endpoint.port);
  return addresses;
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
  PlainTarget target{addresses_of(endpoint), {}};
  if (target.addresses.empty()) return std::nullopt;
  target.path = path_of(request.url);
  return target;
}

}  // namespace omenia::net
