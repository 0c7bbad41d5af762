#include "worker/metrics.h"

#include <algorithm>

#include "worker/routes.h"
#include "worker/rpc/methods.h"

namespace omenia::worker {

namespace {

std::uint64_t count_of(std::int64_t number) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number));
}

}  // namespace

Metrics::Metrics() : routes(route_rows().size() + 1), methods(rpc::method_rows().size()) {}

void Metrics::count_request(std::size_t route, int status, std::int64_t took_us) {
  OfRoute& counts = routes[std::min(route, routes.size() - 1)];
  counts.by_class[static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1)].add();
  counts.duration.observe(took_us);
}

void Metrics::count_call(std::size_t method, bool ok, std::int64_t took_us) {
  OfMethod& counts = methods[method];
  (ok ? counts.ok : counts.failed).add();
  counts.duration.observe(took_us);
}

// The worker that has the run counts it.
void Metrics::ended(agents::Run& run, const agents::RunOutcome& outcome) {
  if (run.elsewhere != 0) return;
  runs_by_status[static_cast<std::size_t>(outcome.status)].add();
  if (outcome.started_ms > 0) run_duration.observe((outcome.ended_ms - outcome.started_ms) * 1'000);
  tokens_in.add(count_of(outcome.usage.input));
  tokens_out.add(count_of(outcome.usage.output));
  tokens_cache_read.add(count_of(outcome.usage.cache_read));
  tokens_cache_written.add(count_of(outcome.usage.cache_write));
}

}  // namespace omenia::worker
