#include "worker/net/outbound_endpoint.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstdint>
#include <optional>

#include "shared/base/ascii.h"

namespace omenia::net {

namespace {

Error bad_url(std::string_view what) {
  return fail(ErrorCode::provider_unreachable, "the address to connect to " + std::string(what));
}

std::optional<std::uint32_t> ipv4_of(const std::string& host) {
  in_addr address{};
  if (::inet_pton(AF_INET, host.c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

std::optional<in6_addr> ipv6_of(const std::string& host) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, host.c_str(), &address) != 1) return std::nullopt;
  return address;
}

bool is_private(std::uint32_t address) {
  return address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8 || address >> 16 == 0xa9fe ||
         address >> 22 == 0x191;  // The last: 100.64.0.0/10, which overlay networks use.
}

Result<int> port_of(std::string_view digits, bool tls) {
  if (digits.empty()) return tls ? 443 : 80;
  int port = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (problem != std::errc() || end != digits.data() + digits.size() || port < 1 || port > 65535)
    return bad_url("has a port that is no number from 1 to 65535");
  return port;
}

}  // namespace

std::string Endpoint::text() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Endpoint::is_loopback() const {
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  if (const auto address = ipv4_of(host)) return *address >> 24 == 127;
  if (const auto address = ipv6_of(host)) return IN6_IS_ADDR_LOOPBACK(&*address);
  return false;
}

bool Endpoint::is_local() const {
  if (is_loopback()) return true;
  if (const auto address = ipv4_of(host)) return is_private(*address);
  if (const auto address = ipv6_of(host))
    return (address->s6_addr[0] & 0xfe) == 0xfc || IN6_IS_ADDR_LINKLOCAL(&*address);
  return host.find('.') == std::string::npos || host.ends_with(".local") || host.ends_with(".lan") ||
         host.ends_with(".internal");
}

Result<Endpoint> parse_endpoint(std::string_view url) {
  Endpoint endpoint;
  const std::string scheme = lowered(url.substr(0, url.find("://")));
  if (url.find("://") == std::string_view::npos || (scheme != "http" && scheme != "https"))
    return bad_url("is not an http:// or https:// URL");
  endpoint.tls = scheme == "https";
  std::string_view authority = url.substr(scheme.size() + 3);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);

  const bool bracketed = authority.starts_with('[');
  const auto closing = bracketed ? authority.find(']') : std::string_view::npos;
  if (bracketed && closing == std::string_view::npos) return bad_url("has an IPv6 address without its closing bracket");
  const auto colon = authority.find(':', bracketed ? closing : 0);
  endpoint.host = lowered(bracketed ? authority.substr(1, closing - 1) : authority.substr(0, colon));
  if (endpoint.host.empty()) return bad_url("names no host");
  const auto digits = colon == std::string_view::npos ? std::string_view() : authority.substr(colon + 1);
  TRY_ASSIGN(endpoint.port, port_of(digits, endpoint.tls));
  return endpoint;
}

}  // namespace omenia::net
