#pragma once
// Trusted proxies: whose word about a request is believed. Forwarding and identity headers count only on connections
// that come from an address the operator has named; from anybody else they are text like any other.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace omenia::auth {

struct ProxyRules {
  std::vector<std::string> proxies;  // Addresses and ranges; empty: no proxy is believed.
  std::string user_header;
  std::vector<std::string> required_headers;
  std::vector<std::string> allow_users;  // Empty: all.
  bool allow_loopback = false;           // A proxy on this machine may vouch for users.
  bool real_ip_fallback = false;         // X-Real-IP counts where there is no X-Forwarded-For.

  bool operator==(const ProxyRules&) const = default;
};

// The way a request came.
struct Passage {
  std::string_view address;  // Of the peer.
  bool loopback = false;
  bool forwarded = false;                                                      // It carries forwarding headers.
  std::function<std::vector<std::string_view>(std::string_view name)> values;  // Of every header of that name.
};

// Who is at the other end.
struct Attribution {
  bool known = true;    // False: somebody behind a proxy that does not say, or may not say, who.
  std::string address;  // The peer's, or that of the client which a named proxy has brought.
  bool direct = true;   // Nothing stands between.
};

Attribution attribute(const Passage& passage, const ProxyRules& rules);

struct Voucher {
  std::string user;         // Empty: nobody was vouched for.
  std::string_view reason;  // Then why: trusted_proxy_user_missing, ...
};

// Whom a named proxy vouches for.
Voucher vouched_user(const Passage& passage, const ProxyRules& rules);

}  // namespace omenia::auth
