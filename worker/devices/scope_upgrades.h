#pragma once
// ScopeUpgrades: what connected devices have asked the operator for, and who waits for the decision. The requests stand
// in the store like others; this is of the worker that was asked, whose connections end with it.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/pending.h"

namespace omenia::devices {

class ScopeUpgrades {
 public:
  enum class Decision { approved, rejected, expired };

  // Asking for the same again keeps who waits. The oldest is forgotten beyond limits::pairing_requests_max.
  void ask(const std::string& request_id, const std::string& device_id);
  // Nothing: this device has not asked under this id.
  std::optional<Pending<Decision>> wait_for(const std::string& request_id, const std::string& device_id);
  // Tells who waits. An id that nobody asked under is another request's.
  void decide(const std::string& request_id, Decision decision);

 private:
  struct Asked {
    std::string request_id;
    std::string device_id;
    std::optional<Decision> decision{};
    std::vector<Resolver<Decision>> waiting{};
  };
  Asked* find(const std::string& request_id);

  std::deque<Asked> asked_;
};

}  // namespace omenia::devices
