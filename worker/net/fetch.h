#pragma once
// Fetch: one document from an address that a stranger has named. Nothing is fetched from this machine or its networks:
// the rule is asked about every address that is really connected to, so that neither a name that resolves to it nor a
// redirect leads there.

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/task.h"
#include "worker/net/outbound.h"

namespace omenia::net {

struct FetchRules {
  AddressRule may_connect;         // Also for an allowed host.
  std::vector<std::string> hosts;  // "name", or "*.name" for all below it; empty: any.
  std::size_t bytes_max = 0;
  std::int64_t redirects_max = 0;
  std::int64_t time_ms_max = 0;  // All redirects together.
};

struct Fetched {
  std::string content_type;  // Lower case, without parameters; may be empty.
  std::string body;
};

// Errors: invalid_request for an URL that is none or whose host is not allowed; forbidden for an address that is not;
// others as of OutboundCall, and provider_broken for an answer that is none, is too large, or leads on too often.
Task<Result<Fetched>> fetch(Outbound* outbound, std::string url, FetchRules rules, std::stop_token stop);

// Where a redirect leads. Not normalized.
std::string url_joined(const std::string& base, const std::string& location);

}  // namespace omenia::net
