#include "worker/net/public_address.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace omenia::net {

namespace {

using Bytes = std::array<std::uint8_t, 16>;

struct Network {
  Bytes start;
  int bits;
};

constexpr Network of_four(std::uint8_t a, std::uint8_t b, std::uint8_t c, int bits) {
  return {{a, b, c}, bits};
}
constexpr Network of_six(std::uint16_t a, std::uint16_t b, int bits) {
  const auto high = [](std::uint16_t part) { return static_cast<std::uint8_t>(part >> 8); };
  const auto low = [](std::uint16_t part) { return static_cast<std::uint8_t>(part & 0xff); };
  return {{high(a), low(a), high(b), low(b)}, bits};
}

constexpr Network special_four[] = {
    of_four(0, 0, 0, 8),        // This network.
    of_four(10, 0, 0, 8),       // Private.
    of_four(100, 64, 0, 10),    // Between a provider and its customers; overlay networks.
    of_four(127, 0, 0, 8),      // Loopback.
    of_four(169, 254, 0, 16),   // Link-local; the metadata services of clouds.
    of_four(172, 16, 0, 12),    // Private.
    of_four(192, 0, 0, 24),     // Protocol assignments.
    of_four(192, 0, 2, 24),     // Documentation.
    of_four(192, 88, 99, 24),   // Relays of 6to4.
    of_four(192, 168, 0, 16),   // Private.
    of_four(198, 18, 0, 15),    // Measurements.
    of_four(198, 51, 100, 24),  // Documentation.
    of_four(203, 0, 113, 24),   // Documentation.
    of_four(224, 0, 0, 4),      // Multicast.
    of_four(240, 0, 0, 4),      // Reserved, broadcast.
};

constexpr Network global_six = of_six(0x2000, 0, 3);
constexpr Network special_six[] = {
    of_six(0x2001, 0x0000, 23),  // Protocol assignments, Teredo among them.
    of_six(0x2001, 0x0db8, 32),  // Documentation.
    of_six(0x2002, 0x0000, 16),  // 6to4: carries an IPv4 address, by relays that nobody runs.
    of_six(0x3fff, 0x0000, 20),  // Documentation.
};
constexpr Bytes mapped_start = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};      // ::ffff:a.b.c.d
constexpr Bytes translated_start = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0};  // 64:ff9b::a.b.c.d
constexpr int four_in_six_bits = 96;

bool is_within(const Bytes& address, const Network& network) {
  for (int bit = 0; bit < network.bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if ((address[byte] & mask) != (network.start[byte] & mask)) return false;
  }
  return true;
}

bool is_public_four(const std::uint8_t* bytes) {
  Bytes address{};
  std::copy_n(bytes, 4, address.begin());
  return std::none_of(std::begin(special_four), std::end(special_four),
                      [&](const Network& network) { return is_within(address, network); });
}

bool is_public_six(const Bytes& address) {
  if (is_within(address, {mapped_start, four_in_six_bits}) || is_within(address, {translated_start, four_in_six_bits}))
    return is_public_four(address.data() + four_in_six_bits / 8);
  return is_within(address, global_six) &&
         std::none_of(std::begin(special_six), std::end(special_six),
                      [&](const Network& network) { return is_within(address, network); });
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return is_public_four(reinterpret_cast<const std::uint8_t*>(&four.sin_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  Bytes bytes{};
  std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
  return is_public_six(bytes);
}

}  // namespace omenia::net
