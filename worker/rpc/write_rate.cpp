#include "worker/rpc/write_rate.h"

#include "shared/base/limits.h"
#include "shared/json/writer.h"

namespace omenia::rpc {

namespace {

Error too_often(std::string_view method, std::int64_t wait_ms) {
  JsonWriter details;
  details.begin_object().member("method", method);
  details.member("limit", std::to_string(limits::control_writes_max) + " per " +
                              std::to_string(limits::control_writes_window_ms / 1000) + "s");
  return Error{ErrorCode::unavailable,
               "rate limit exceeded for " + std::string(method) + "; retry after " +
                   std::to_string((wait_ms + 999) / 1000) + "s",
               details.end_object().take(), wait_ms};
}

}  // namespace

Result<void> WriteRate::admit(std::string_view method, const std::string& client, std::int64_t now_ms) {
  const std::int64_t start_ms = now_ms - limits::control_writes_window_ms;
  for (auto each = calls_.begin(); each != calls_.end();) {
    while (!each->second.empty() && each->second.front() <= start_ms) each->second.pop_front();
    each = each->second.empty() ? calls_.erase(each) : std::next(each);
  }
  std::deque<std::int64_t>& calls = calls_[std::string(method) + " " + client];
  if (calls.size() >= static_cast<std::size_t>(limits::control_writes_max))
    return too_often(method, calls.front() - start_ms);
  calls.push_back(now_ms);
  return {};
}

}  // namespace omenia::rpc
