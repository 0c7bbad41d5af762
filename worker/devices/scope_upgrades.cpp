#include "worker/devices/scope_upgrades.h"

#include <algorithm>
#include <utility>

#include "shared/base/limits.h"

namespace omenia::devices {

ScopeUpgrades::Asked* ScopeUpgrades::find(const std::string& request_id) {
  const auto found =
      std::find_if(asked_.begin(), asked_.end(), [&](const Asked& asked) { return asked.request_id == request_id; });
  return found == asked_.end() ? nullptr : &*found;
}

void ScopeUpgrades::ask(const std::string& request_id, const std::string& device_id) {
  if (find(request_id)) return;
  if (asked_.size() >= static_cast<std::size_t>(limits::pairing_requests_max)) {
    decide(asked_.front().request_id, Decision::expired);
    asked_.pop_front();
  }
  asked_.push_back({request_id, device_id});
}

std::optional<Pending<ScopeUpgrades::Decision>> ScopeUpgrades::wait_for(const std::string& request_id,
                                                                        const std::string& device_id) {
  Asked* asked = find(request_id);
  if (!asked || asked->device_id != device_id) return std::nullopt;
  Pending<Decision> pending;
  if (asked->decision) {
    pending.resolver().resolve(*asked->decision);
  } else {
    std::erase_if(asked->waiting, [](const Resolver<Decision>& resolver) { return resolver.abandoned(); });
    asked->waiting.push_back(pending.resolver());
  }
  return pending;
}

// Taken out before anybody is told: who is told may ask again.
void ScopeUpgrades::decide(const std::string& request_id, Decision decision) {
  Asked* asked = find(request_id);
  if (!asked || asked->decision) return;
  asked->decision = decision;
  for (const Resolver<Decision>& resolver : std::exchange(asked->waiting, {})) resolver.resolve(decision);
}

}  // namespace omenia::devices
