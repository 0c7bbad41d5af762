#include "worker/agents/run_ends.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace omenia::agents {

namespace {
constexpr std::size_t sweep_after_min = 64;
}

Pending<SharedOutcome> RunEnds::wait_for(const std::string& run_id) {
  if (waits_until_sweep_ == 0) forget_abandoned();
  --waits_until_sweep_;
  Pending<SharedOutcome> end;
  waiting_[run_id].push_back(end.resolver());
  return end;
}

void RunEnds::tell(const SharedOutcome& outcome) {
  const auto found = waiting_.extract(outcome->run_id);
  if (found.empty()) return;
  for (const auto& waiting : found.mapped()) waiting.resolve(outcome);
}

void RunEnds::forget_abandoned() {
  for (auto& [run_id, resolvers] : waiting_) std::erase_if(resolvers, std::mem_fn(&Resolver<SharedOutcome>::abandoned));
  std::erase_if(waiting_, [](const auto& entry) { return entry.second.empty(); });
  waits_until_sweep_ = std::max(sweep_after_min, waiting_.size());
}

}  // namespace omenia::agents
