#pragma once
// Load: the same HTTP request again and again on some connections at once, each waiting for its answer before it asks
// again. One thread, so that the same work is done whoever answers.

#include <cstddef>
#include <string>

#include "tests/bench/samples.h"

namespace omenia::bench {

struct LoadResult {
  double per_second = 0;
  Samples times;
  std::size_t failures = 0;  // Answers that were not 200, and connections that broke.
};

// Sends `request` (complete HTTP text, its answer has a Content-Length) for `duration_ms` on each connection.
LoadResult run_load(int port, const std::string& request, int connections, int duration_ms);

}  // namespace omenia::bench
