#pragma once
// WriteRate: how often one client may call a method that writes to the control plane.

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace omenia::rpc {

class WriteRate {
 public:
  // Counts a call of `method` by `client` at `now_ms` of the steady clock. Error: unavailable, says how long to wait.
  Result<void> admit(std::string_view method, const std::string& client, std::int64_t now_ms);

 private:
  std::map<std::string, std::deque<std::int64_t>> calls_;  // Within the window.
};

}  // namespace omenia::rpc
