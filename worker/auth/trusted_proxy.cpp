#include "worker/auth/trusted_proxy.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <memory>

#include "worker/auth/hosts.h"

namespace omenia::auth {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "1.2.3.4", "1.2.3.4:80", "[::1]:80", "::1"
std::string address_in(std::string_view item) {
  item = trimmed(item);
  if (is_address(item)) return std::string(item);
  std::string host = host_name_of(item);
  return is_address(host) ? host : std::string();
}

// Each proxy adds whom it saw at the end, so the list is read from there: the first who is no named proxy is the
// client. What stands before him is what he says himself.
std::string client_of(const std::vector<std::string_view>& values, const std::vector<std::string>& proxies) {
  std::string joined;
  for (const std::string_view value : values) joined.append(joined.empty() ? "" : ",").append(value);
  while (!joined.empty()) {
    const std::size_t comma = joined.rfind(',');
    std::string address = address_in(std::string_view(joined).substr(comma == std::string::npos ? 0 : comma + 1));
    if (address.empty()) return {};
    if (!is_in_networks(address, proxies)) return address;
    joined.resize(comma == std::string::npos ? 0 : comma);
  }
  return {};
}

bool is_own_interface(std::string_view address) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return true;  // Not known: better not believed.
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> keep(list, ::freeifaddrs);
  for (const ifaddrs* each = list; each; each = each->ifa_next) {
    char text[INET6_ADDRSTRLEN] = {};
    if (!each->ifa_addr) continue;
    if (each->ifa_addr->sa_family == AF_INET) {
      ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr, text, sizeof text);
    } else if (each->ifa_addr->sa_family == AF_INET6) {
      ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(each->ifa_addr)->sin6_addr, text, sizeof text);
    }
    if (same_address(text, address)) return true;
  }
  return false;
}

// A range that happens to hold this machine's own address was not meant to let every local program vouch for users;
// that address itself, written out, was.
bool is_only_in_a_range(std::string_view address, const std::vector<std::string>& proxies) {
  return std::none_of(proxies.begin(), proxies.end(),
                      [&](const std::string& entry) { return same_address(entry, address); });
}

std::string_view only_value(const std::vector<std::string_view>& values) {
  return values.size() == 1 ? trimmed(values.front()) : std::string_view();
}

// Whom the proxy names as the client; empty: nobody.
std::string client_behind(const Passage& passage, const ProxyRules& rules) {
  const auto forwarded_for = passage.values("x-forwarded-for");
  if (!forwarded_for.empty() || !rules.real_ip_fallback) return client_of(forwarded_for, rules.proxies);
  return address_in(only_value(passage.values("x-real-ip")));
}

}  // namespace

Attribution attribute(const Passage& passage, const ProxyRules& rules) {
  Attribution result{true, std::string(passage.address), !passage.forwarded};
  const bool named = is_in_networks(passage.address, rules.proxies);
  if (!passage.forwarded) {
    // A user header alone says that a proxy stands there, too.
    if (named && !rules.user_header.empty() && !passage.values(rules.user_header).empty()) result.direct = false;
    return result;
  }
  if (!named) {
    result.known = !passage.loopback;  // From elsewhere the headers are nobody's word: the peer is the client.
    return result;
  }
  const std::string client = client_behind(passage, rules);
  result.known = !client.empty() && !is_loopback_address(client);
  if (result.known) result.address = client;
  return result;
}

Voucher vouched_user(const Passage& passage, const ProxyRules& rules) {
  if (rules.user_header.empty() || !is_in_networks(passage.address, rules.proxies))
    return {{}, "trusted_proxy_untrusted_source"};
  if (passage.loopback && !rules.allow_loopback) return {{}, "trusted_proxy_loopback_source"};
  if (!passage.loopback && !rules.allow_loopback && is_only_in_a_range(passage.address, rules.proxies) &&
      is_own_interface(passage.address))
    return {{}, "trusted_proxy_local_interface_source"};
  for (const std::string& required : rules.required_headers)
    if (only_value(passage.values(required)).empty()) return {{}, "trusted_proxy_missing_header"};
  // Two of them: one may be the visitor's own.
  const std::string_view user = only_value(passage.values(rules.user_header));
  if (user.empty()) return {{}, "trusted_proxy_user_missing"};
  if (!rules.allow_users.empty() &&
      std::find(rules.allow_users.begin(), rules.allow_users.end(), user) == rules.allow_users.end())
    return {{}, "trusted_proxy_user_not_allowed"};
  return {std::string(user), {}};
}

}  // namespace omenia::auth
