#include "worker/auth/origin.h"

#include <algorithm>

#include "shared/base/ascii.h"
#include "worker/auth/hosts.h"

namespace omenia::auth {

namespace {

// "https://ui.example:8443" -> "ui.example:8443"; empty for anything else.
std::string authority_of_origin(const std::string& origin) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  return {};
}

}  // namespace

bool is_listed(std::string_view origin, const std::vector<std::string>& origins) {
  return std::any_of(origins.begin(), origins.end(),
                     [origin](const std::string& entry) { return same_but_for_case(entry, origin); });
}

bool is_host_of(std::string_view host_name, const std::vector<std::string>& origins) {
  return std::any_of(origins.begin(), origins.end(), [host_name](const std::string& entry) {
    return entry == "*" || host_name_of(authority_of_origin(lowered(entry))) == host_name;
  });
}

bool is_origin_allowed(const OriginQuestion& question, const std::vector<std::string>& allowed) {
  const std::string origin = lowered(question.origin);
  if (std::any_of(allowed.begin(), allowed.end(),
                  [&](const std::string& entry) { return entry == "*" || lowered(entry) == origin; }))
    return true;
  const std::string authority = authority_of_origin(origin);
  if (authority.empty()) return false;
  const std::string name = host_name_of(authority);
  if (is_loopback_host(name)) return question.peer_is_local;
  return authority == lowered(question.host) && is_private_host(name);
}

}  // namespace omenia::auth
