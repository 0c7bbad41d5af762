#include "worker/auth/attempts.h"

#include <algorithm>
#include <utility>

#include "worker/auth/hosts.h"

namespace omenia::auth {

std::string Caller::key() const {
  return loopback && page ? "pages of this machine" : counted_address(address);
}

std::int64_t Attempts::locked_ms(const Caller& caller, std::int64_t now_ms) {
  if (caller.is_exempt(limits_)) return 0;
  const auto found = index_.find(caller.key());
  const bool is_known = found != index_.end();
  if (!is_known && has_room(now_ms)) return 0;
  const Record& record = is_known ? *found->second : overflow_;
  return std::max<std::int64_t>(0, record.locked_until_ms - now_ms);
}

std::int64_t Attempts::failed(const Caller& caller, std::int64_t now_ms) {
  ++failures_;
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
  if (record.count < limits_.attempts_max) return 0;
  ++lockouts_;
  record.locked_until_ms = now_ms + limits_.lockout_ms;
  if (&record != &overflow_) locked_.splice(locked_.begin(), counted_, index_.at(record.key));
  return 0;
}

void Attempts::succeeded(const Caller& caller) {
  const auto found = index_.find(caller.key());
  if (found == index_.end()) return;
  (found->second->locked_until_ms == 0 ? counted_ : locked_).erase(found->second);
  index_.erase(found);
}

// At the front of `counted_`, unless it is the overflow.
Attempts::Record& Attempts::record_of(const std::string& key, std::int64_t now_ms) {
  if (const auto found = index_.find(key); found != index_.end()) {
    const bool was_locked = std::exchange(found->second->locked_until_ms, 0) != 0;
    counted_.splice(counted_.begin(), was_locked ? locked_ : counted_, found->second);
    return counted_.front();
  }
  if (!has_room(now_ms)) return overflow_;
  make_room();
  counted_.push_front({key, 0, now_ms, 0});
  index_[key] = counted_.begin();
  return counted_.front();
}

bool Attempts::has_room(std::int64_t now_ms) const {
  return index_.size() < limits::auth_tracked_keys_max || !counted_.empty() || locked_.back().locked_until_ms <= now_ms;
}

void Attempts::make_room() {
  if (index_.size() < limits::auth_tracked_keys_max) return;
  Records& from = counted_.empty() ? locked_ : counted_;
  index_.erase(from.back().key);
  from.pop_back();
}

}  // namespace omenia::auth
