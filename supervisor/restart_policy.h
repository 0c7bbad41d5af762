#pragma once
// RestartPolicy: whether a worker that died is started again, and how soon. A worker that served well is replaced at
// once, always; one that dies early is tried again with growing delay, and after a bounded tally no more.

#include <cstdint>
#include <deque>
#include <optional>

#include "shared/base/limits.h"

namespace omenia::supervisor {

struct RestartRules {
  int tally_max = limits::crash_tally_max;
  std::int64_t tally_window_ms = limits::crash_tally_window_ms;
  std::int64_t early_ms = limits::crash_early_ms;
  std::int64_t delay_ms_min = limits::restart_delay_ms_min;
  std::int64_t delay_ms_max = limits::restart_delay_ms_max;
};

struct RestartVerdict {
  bool hold = false;
  std::int64_t delay_ms = 0;
};

class RestartPolicy {
 public:
  explicit RestartPolicy(RestartRules rules = {}) : rules_(rules) {}

  // Judges a death. `ready_at_ms` is when the worker became ready, nothing when it never did.
  RestartVerdict died(std::int64_t now_ms, std::optional<std::int64_t> ready_at_ms);

  void forgive() { early_deaths_ms_.clear(); }
  const RestartRules& rules() const { return rules_; }

 private:
  std::int64_t delay_after(std::size_t early_deaths) const;

  RestartRules rules_;
  std::deque<std::int64_t> early_deaths_ms_;  // Within the window, oldest first.
};

}  // namespace omenia::supervisor
