#include "worker/rpc/write_rate.h"

#include "shared/base/limits.h"

namespace omenia::rpc {

Result<void> WriteRate::admit(const std::string& client, std::int64_t now_ms) {
  const std::int64_t start_ms = now_ms - limits::config_writes_window_ms;
  for (auto each = calls_.begin(); each != calls_.end();) {
    while (!each->second.empty() && each->second.front() <= start_ms) each->second.pop_front();
    each = each->second.empty() ? calls_.erase(each) : std::next(each);
  }
  std::deque<std::int64_t>& calls = calls_[client];
  if (calls.size() >= static_cast<std::size_t>(limits::config_writes_max))
    return fail(ErrorCode::unavailable, "rate limit exceeded: " + std::to_string(limits::config_writes_max) +
                                            " configuration writes in a minute; retry after " +
                                            std::to_string((calls.front() - start_ms) / 1000 + 1) + "s");
  calls.push_back(now_ms);
  return {};
}

}  // namespace omenia::rpc
