#pragma once
// Attempts: how often a caller has shown a wrong credential. Too often locks it out for a while; on this machine, where
// locking would hit the operator, guessing is slowed down instead. A web page is never exempt, wherever it runs.

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "shared/base/limits.h"

namespace omenia::auth {

struct AttemptLimits {
  std::int64_t attempts_max = limits::auth_attempts_max;
  std::int64_t window_ms = limits::auth_attempts_window_ms;
  std::int64_t lockout_ms = limits::auth_lockout_ms;
  bool exempt_loopback = true;
};

// Who is counted: an address. The pages of this machine's browsers are one caller together: which page it is from, a
// request says of itself, and whoever names a new one with every guess would never be counted twice.
struct Caller {
  std::string address;
  bool page = false;  // A browser's page sends it, or who wants to be taken for one.
  bool loopback = false;
  bool is_exempt(const AttemptLimits& limits) const { return limits.exempt_loopback && loopback && !page; }
  std::string key() const;
};

class Attempts {
 public:
  void set_limits(AttemptLimits limits) { limits_ = limits; }

  // Milliseconds that the caller is still locked out; 0: it may try.
  std::int64_t locked_ms(const Caller& caller, std::int64_t now_ms);
  // Counts a wrong credential; returns how long its answer is to be held back, in milliseconds.
  std::int64_t failed(const Caller& caller, std::int64_t now_ms);
  void succeeded(const Caller& caller);

  std::uint64_t failures() const { return failures_; }  // Counted since the start.
  std::uint64_t lockouts() const { return lockouts_; }

 private:
  struct Record {
    std::string key;
    std::int64_t count = 0;
    std::int64_t window_start_ms = 0;
    std::int64_t locked_until_ms = 0;  // 0: not locked since it was counted last.
  };
  using Records = std::list<Record>;

  Record& record_of(const std::string& key, std::int64_t now_ms);
  bool has_room(std::int64_t now_ms) const;
  void make_room();

  AttemptLimits limits_;
  std::uint64_t failures_ = 0;
  std::uint64_t lockouts_ = 0;
  // Most recently counted first. When there are too many, the last that is not locked is forgotten: a crowd opens no
  // lock.
  Records counted_;
  Records locked_;
  Record overflow_;  // Of everybody who is not known while all places are locked.
  std::unordered_map<std::string, Records::iterator> index_;
};

}  // namespace omenia::auth
