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

// Who is counted: an address, or an origin for web pages.
struct Caller {
  std::string address;
  std::string origin;  // Of a browser; empty otherwise.
  bool loopback = false;
  bool is_exempt(const AttemptLimits& limits) const { return limits.exempt_loopback && loopback && origin.empty(); }
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
  // Most recently counted first. When there are too many, the last that is not locked is forgotten: a crowd opens no
  // lock.
  Records counted_;
  Records locked_;
  Record overflow_;  // Of everybody who is not known while all places are locked.
  std::unordered_map<std::string, Records::iterator> index_;
};

}  // namespace omenia::auth
