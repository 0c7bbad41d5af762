#pragma once
// Addresses of a gateway: from a host's name to a numeric address, within a deadline.

#include <cstdint>
#include <string>

#include "shared/base/result.h"

namespace omenia::cli {

// The numeric address of `host`. "localhost" and numeric addresses are answered without a name lookup.
// Error: unreachable.
Result<std::string> resolve_host(const std::string& host, std::int64_t deadline_steady_ms);

// An address that plain ws:// may carry a credential to: loopback, private, link-local, or carrier-grade NAT.
bool is_private_address(const std::string& numeric);

// Tries a TCP connection. Returns "" when it was accepted, else the system's name of the error ("ECONNREFUSED").
std::string connect_problem(const std::string& numeric, int port, std::int64_t deadline_steady_ms);

}  // namespace omenia::cli
