#pragma once
// RunEnds: who waits for the end of which run. A wait may begin before the run is known here: it is accepted only now,
// or taken over from a worker that died.

#include <string>
#include <unordered_map>
#include <vector>

#include "shared/base/pending.h"
#include "worker/agents/run.h"

namespace omenia::agents {

class RunEnds {
 public:
  Pending<SharedOutcome> wait_for(const std::string& run_id);
  void tell(const SharedOutcome& outcome);  // Resumes everybody who waits for it, within this call.
  std::size_t waited_for() const { return waiting_.size(); }

 private:
  void forget_abandoned();

  std::unordered_map<std::string, std::vector<Resolver<SharedOutcome>>> waiting_;
  std::size_t waits_until_sweep_ = 0;  // Keeps the cost of forgetting in proportion to the number of waits.
};

}  // namespace omenia::agents
