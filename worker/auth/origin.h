#pragma once
// Origin: which web pages may open a WebSocket. A browser names the page's origin; what is not listed or of this
// machine is refused, so that no page of the internet can talk to a gateway on localhost.

#include <string>
#include <string_view>
#include <vector>

namespace omenia::auth {

struct OriginQuestion {
  std::string_view origin;     // Value of the Origin header.
  std::string_view host;       // Value of the Host header.
  bool peer_is_local = false;  // Loopback, with no proxy in between.
};

// In order: listed in `allowed` (any case; "*" allows all); same host as the request on a private or loopback address
// or a .local or .ts.net name (loopback only for local peers); a loopback origin of any port for a local peer.
bool is_origin_allowed(const OriginQuestion& question, const std::vector<std::string>& allowed);

// Is the origin one of them, any case? "*" is no wildcard here.
bool is_listed(std::string_view origin, const std::vector<std::string>& origins);

// Is `host_name` the host of one of these origins? "*" names every host.
bool is_host_of(std::string_view host_name, const std::vector<std::string>& origins);

}  // namespace omenia::auth
