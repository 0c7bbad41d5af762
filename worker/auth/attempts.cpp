#include "worker/auth/attempts.h"

#include <algorithm>

namespace omenia::auth {

std::int64_t Attempts::locked_ms(const Caller& caller, std::int64_t now_ms) {
  if (caller.is_exempt(limits_)) return 0;
  const auto found = index_.find(caller.key());
  if (found == index_.end()) return 0;
  return std::max<std::int64_t>(0, found->second->locked_until_ms - now_ms);
}

std::int64_t Attempts::failed(const Caller& caller, std::int64_t now_ms) {
  Record& record = record_of(caller.key(), now_ms);
  if (now_ms - record.window_start_ms > limits_.window_ms) {
    record.count = 0;
    record.window_start_ms = now_ms;
  }
  ++record.count;
  if (caller.is_exempt(limits_)) {
    const std::int64_t doublings = std::min<std::int64_t>(record.count - 1, 10);
    return std::min<std::int64_t>(limits::auth_failure_delay_ms_min << doublings, limits::auth_failure_delay_ms_max);
  }
  if (record.count >= limits_.attempts_max) record.locked_until_ms = now_ms + limits_.lockout_ms;
  return 0;
}

void Attempts::succeeded(const Caller& caller) {
  const auto found = index_.find(caller.key());
  if (found == index_.end()) return;
  records_.erase(found->second);
  index_.erase(found);
}

Attempts::Record& Attempts::record_of(const std::string& key, std::int64_t now_ms) {
  if (const auto found = index_.find(key); found != index_.end()) {
    records_.splice(records_.begin(), records_, found->second);
    return records_.front();
  }
  if (records_.size() >= limits::auth_tracked_keys_max) {
    index_.erase(records_.back().key);
    records_.pop_back();
  }
  records_.push_front({key, 0, now_ms, 0});
  index_[key] = records_.begin();
  return records_.front();
}

}  // namespace omenia::auth
