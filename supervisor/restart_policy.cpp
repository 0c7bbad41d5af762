#include "supervisor/restart_policy.h"

#include <algorithm>

namespace omenia::supervisor {

RestartVerdict RestartPolicy::died(std::int64_t now_ms, std::optional<std::int64_t> ready_at_ms) {
  if (ready_at_ms && now_ms - *ready_at_ms >= rules_.early_ms) return {};
  while (!early_deaths_ms_.empty() && now_ms - early_deaths_ms_.front() >= rules_.tally_window_ms)
    early_deaths_ms_.pop_front();
  early_deaths_ms_.push_back(now_ms);
  if (early_deaths_ms_.size() >= static_cast<std::size_t>(rules_.tally_max)) return {.hold = true};
  return {.hold = false, .delay_ms = delay_after(early_deaths_ms_.size())};
}

std::int64_t RestartPolicy::delay_after(std::size_t early_deaths) const {
  if (early_deaths <= 1) return 0;
  std::int64_t delay_ms = rules_.delay_ms_min;
  for (std::size_t i = 2; i < early_deaths && delay_ms < rules_.delay_ms_max; ++i) delay_ms *= 2;
  return std::min(delay_ms, rules_.delay_ms_max);
}

}  // namespace omenia::supervisor
