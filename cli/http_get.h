#pragma once
// One plain HTTP question to a server on this machine.

#include <cstdint>
#include <string>

#include "shared/base/result.h"

namespace omenia::cli {

// The body of a 200 answer. Error: unreachable, for anything else, a larger body, or a missed deadline.
Result<std::string> http_get(const std::string& address, int port, const std::string& path,
                             std::int64_t deadline_steady_ms, std::size_t body_bytes_max);

}  // namespace omenia::cli
