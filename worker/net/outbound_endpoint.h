#pragma once
// Endpoint: who an URL talks to, as far as our side has to know it: for messages, for choosing deadlines, for keeping
// this machine's own addresses away from proxies.

#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace omenia::net {

struct Endpoint {
  bool tls = false;
  std::string host;  // Lower case, an IPv6 address without brackets.
  int port = 0;

  std::string text() const;  // "api.example.com:443", "[::1]:11434"
  bool is_loopback() const;  // By the parsed address, or the name localhost.
  bool is_local() const;     // Loopback, a private address, or a name that only a local network knows.
};

// Takes http and https with a host. Error: provider_unreachable; the message leaves out what may be a password.
Result<Endpoint> parse_endpoint(std::string_view url);

}  // namespace omenia::net
