#pragma once
// Metrics: what this worker has done, counted where it happens. GET /metrics tells it (metrics_rows.cpp). A worker that
// takes over begins at nothing, which whoever reads counters is made for.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "worker/agents/run.h"
#include "worker/counter.h"

namespace omenia::worker {

class Metrics final : public agents::RunObserver {
 public:
  struct OfRoute {
    std::array<Counter, 5> by_class;  // 1xx to 5xx.
    Histogram duration;
  };
  struct OfMethod {
    Counter ok;
    Counter failed;
    Histogram duration;
  };

  Metrics();

  void count_request(std::size_t route, int status, std::int64_t took_us);
  void count_call(std::size_t method, bool ok, std::int64_t took_us);
  void ended(agents::Run& run, const agents::RunOutcome& outcome) override;

  std::vector<OfRoute> routes;    // In the order of the table; one more at the end, for requests of no row.
  std::vector<OfMethod> methods;  // In the order of the table.
  Counter refused_calls;          // By role, scope or parameters, before any handler.
  Histogram loop_delay;
  std::array<Counter, 5> runs_by_status;  // In the order of RunStatus.
  Histogram run_duration;                 // From its start, of runs that have started.
  Counter tokens_in;
  Counter tokens_out;
  Counter tokens_cache_read;
  Counter tokens_cache_written;
};

}  // namespace omenia::worker
