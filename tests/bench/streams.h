#pragma once
// Streams: streamed chat completions of the mock's stamped model, some at once and again and again. Each piece says
// when the model server has sent it, so that its way here can be timed whoever it came through.

#include <cstddef>
#include <string>

#include "tests/bench/samples.h"

namespace omenia::bench {

struct StreamResult {
  Samples first;   // From asking to the first piece of text.
  Samples pieces;  // From the model server to here.
  std::size_t failures = 0;
};

// `request` is complete HTTP text.
StreamResult run_streams(int port, const std::string& request, int streams, int duration_ms);

}  // namespace omenia::bench
