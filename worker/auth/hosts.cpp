#include "worker/auth/hosts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

namespace omenia::auth {

namespace {

using Address = std::array<std::uint8_t, 16>;

constexpr std::uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_mapped(const Address& address) {
  return std::memcmp(address.data(), mapped_prefix, sizeof mapped_prefix) == 0;
}

// IPv4 as ::ffff:a.b.c.d, so that there is one form to compare.
std::optional<Address> parse_address(std::string_view text) {
  const std::string copy(text);
  Address address{};
  if (::inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return address;
  in_addr narrow{};
  if (::inet_pton(AF_INET, copy.c_str(), &narrow) != 1) return std::nullopt;
  std::memcpy(address.data(), mapped_prefix, sizeof mapped_prefix);
  std::memcpy(address.data() + sizeof mapped_prefix, &narrow, sizeof narrow);
  return address;
}

std::uint32_t narrow_of(const Address& address) {
  return static_cast<std::uint32_t>(address[12]) << 24 | static_cast<std::uint32_t>(address[13]) << 16 |
         static_cast<std::uint32_t>(address[14]) << 8 | address[15];
}

bool is_loopback(const Address& address) {
  if (is_mapped(address)) return address[12] == 127;
  return std::all_of(address.begin(), address.end() - 1, [](std::uint8_t byte) { return byte == 0; }) &&
         address[15] == 1;
}

// 10/8, 172.16/12, 192.168/16, 169.254/16, 100.64/10; fc00::/7, fe80::/10.
bool is_private(const Address& address) {
  if (is_loopback(address)) return true;
  if (!is_mapped(address)) return (address[0] & 0xfe) == 0xfc || (address[0] == 0xfe && (address[1] & 0xc0) == 0x80);
  const std::uint32_t narrow = narrow_of(address);
  return (narrow >> 24) == 10 || (narrow >> 20) == 0xac1 || (narrow >> 16) == 0xc0a8 || (narrow >> 16) == 0xa9fe ||
         (narrow >> 22) == (0x64400000u >> 22);
}

bool is_within(const Address& address, const Address& network, int bits) {
  for (int i = 0; i < bits; ++i) {
    const std::uint8_t mask = static_cast<std::uint8_t>(0x80 >> (i % 8));
    if ((address[static_cast<std::size_t>(i / 8)] & mask) != (network[static_cast<std::size_t>(i / 8)] & mask))
      return false;
  }
  return true;
}

std::string lowered(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return copy;
}

// ":8443" or nothing.
bool is_port_part(std::string_view text) {
  if (text.empty()) return true;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + 1, end, port);
  return text.front() == ':' && read.ec == std::errc() && read.ptr == end;
}

// No name below these is anybody's on the internet (RFC 8375, and .internal as ICANN keeps it free): containers and
// home routers give them.
bool is_of_private_network(std::string_view name) {
  constexpr std::string_view private_zones[] = {".internal", ".home.arpa", ".lan"};
  return std::any_of(std::begin(private_zones), std::end(private_zones),
                     [name](std::string_view zone) { return name.ends_with(zone); });
}

std::string own_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return {};
  return lowered(name);
}

}  // namespace

std::string host_name_of(std::string_view authority) {
  const bool bracketed = authority.starts_with('[');
  const std::size_t end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos) return {};
  if (!is_port_part(authority.substr(bracketed ? end + 1 : end))) return {};
  return lowered(bracketed ? authority.substr(1, end - 1) : authority.substr(0, end));
}

bool is_loopback_host(std::string_view name) {
  return name == "localhost" || is_loopback_address(name);
}

bool is_private_host(std::string_view name) {
  if (name.empty()) return false;
  if (name == "localhost" || name.ends_with(".local") || name.ends_with(".ts.net")) return true;
  if (const auto address = parse_address(name)) return is_private(*address);
  return name == own_name();
}

bool is_public_name(std::string_view name) {
  return name.find('.') != std::string_view::npos && !name.ends_with(".localhost") && !is_address(name) &&
         !is_of_private_network(name) && !is_private_host(name);
}

bool is_address(std::string_view text) {
  return parse_address(text).has_value();
}

bool is_loopback_address(std::string_view text) {
  const auto address = parse_address(text);
  return address && is_loopback(*address);
}

std::string counted_address(std::string_view text) {
  auto address = parse_address(text);
  if (!address || is_mapped(*address) || is_loopback(*address)) return std::string(text);
  std::fill(address->begin() + 8, address->end(), std::uint8_t{0});
  char network[INET6_ADDRSTRLEN];
  ::inet_ntop(AF_INET6, address->data(), network, sizeof network);
  return std::string(network) + "/64";
}

bool same_address(std::string_view one, std::string_view other) {
  const auto first = parse_address(one);
  return first && first == parse_address(other);
}

bool is_in_networks(std::string_view text, const std::vector<std::string>& networks) {
  const auto address = parse_address(text);
  if (!address) return false;
  return std::any_of(networks.begin(), networks.end(), [&](const std::string& network) {
    const std::size_t slash = std::min(network.find('/'), network.size());
    const auto base = parse_address(std::string_view(network).substr(0, slash));
    if (!base) return false;
    int bits = 128;
    if (slash < network.size()) {
      const char* const end = network.data() + network.size();
      if (std::from_chars(network.data() + slash + 1, end, bits).ptr != end) return false;
      if (is_mapped(*base) && network.find(':') == std::string::npos) bits += 96;
    }
    return bits >= 0 && bits <= 128 && is_within(*address, *base, bits);
  });
}

}  // namespace omenia::auth
