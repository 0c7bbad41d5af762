#include "shared/config/bind.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <cstdint>
#include <memory>

namespace omenia {

namespace {

constexpr const char* loopback_host = "127.0.0.1";
constexpr const char* every_host = "0.0.0.0";
constexpr std::uint32_t tailnet_prefix = 0x64400000;  // 100.64.0.0
constexpr std::uint32_t tailnet_mask = 0xFFC00000;    // /10

// An address of one interface beside 127.0.0.1, unless it covers that already.
std::vector<ListenAddress> with_loopback(const std::string& host, int port) {
  if (host == loopback_host || host == every_host) return {{host, port}};
  return {{host, port}, {loopback_host, port}};
}

}  // namespace

Result<std::vector<ListenAddress>> listen_addresses(std::string_view bind_mode, int port, const BindHosts& hosts) {
  if (bind_mode == "lan") return std::vector<ListenAddress>{{every_host, port}};
  if (bind_mode == "custom") {
    if (hosts.custom.empty())
      return fail(ErrorCode::start_blocked, "gateway.bind=custom requires gateway.customBindHost");
    return with_loopback(hosts.custom, port);
  }
  if (bind_mode == "tailnet") {
    if (!hosts.tailnet)
      return fail(ErrorCode::start_blocked,
                  "gateway.bind=tailnet found no interface with an address in 100.64.0.0/10; start Tailscale first, or "
                  "use another bind mode");
    return with_loopback(*hosts.tailnet, port);
  }
  return std::vector<ListenAddress>{{loopback_host, port}};
}

std::optional<std::string> tailnet_address() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return std::nullopt;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
  for (const ifaddrs* entry = first; entry; entry = entry->ifa_next) {
    if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET) continue;
    const in_addr address = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr;
    if ((ntohl(address.s_addr) & tailnet_mask) != tailnet_prefix) continue;
    char text[INET_ADDRSTRLEN];
    if (::inet_ntop(AF_INET, &address, text, sizeof text)) return std::string(text);
  }
  return std::nullopt;
}

bool is_loopback(std::string_view host) {
  in_addr address{};
  return ::inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

}  // namespace omenia
