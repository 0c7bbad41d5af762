#pragma once
// One look at a gateway: does it answer, what may we do there, how long did it take.

#include <cstdint>
#include <string>
#include <vector>

#include "cli/dial.h"

namespace omenia::cli {

struct GatewayProbe {
  bool ok = false;
  bool reached = false;  // A gateway answered, be it with a refusal.
  std::string url;
  std::string error;                   // Why it is not ok.
  std::string detail_code;             // Of a refusal: "AUTH_TOKEN_MISMATCH".
  std::string capability = "unknown";  // With underscores, as in JSON.
  std::string role;
  std::vector<std::string> scopes;
  std::string version;
  std::string connection_id;
  std::int64_t latency_ms = 0;
  Json answer;  // Of the method that was called.
};

// Connects as `purpose` says and, unless `method` is empty, calls it.
GatewayProbe probe_gateway(const Context& context, const Arguments& arguments, const Purpose& purpose,
                           const Target& target, std::string_view method, std::string_view params = {});

// What granted scopes are good for: admin_capable, write_capable, read_only, connected_no_operator_scope.
std::string capability_of(const std::vector<std::string>& scopes);

// For people: with dashes.
std::string dashed(std::string_view capability);

}  // namespace omenia::cli
