#pragma once
// ReloadPlan: what another configuration changes, key by key, and how much of the gateway is renewed for it. Pure: two
// configurations in, a list out. What is done with it decides reload_decision.h.

#include <optional>
#include <string>
#include <vector>

#include "shared/config/keys.h"
#include "shared/config/load.h"

namespace omenia {

// The class of a change; nothing: the text differs, no setting does.
using ReloadClass = std::optional<Reload>;
std::string_view to_text(const ReloadClass& reload);  // "none", "live", "rewire", "worker", "service"

struct ConfigChange {
  JsonPath path;
  std::string before;  // JSON text, redacted; empty: not in the file.
  std::string after;
  ReloadClass reload;
};

struct ReloadPlan {
  std::vector<ConfigChange> changes;  // In the order of the wanted document, then what is gone.
  ReloadClass worst() const;
};

// Both are valid. A member that is an object is gone into, so that each change names the key itself. The class counts
// settings, not text: a default that is now written down changes nothing.
ReloadPlan plan_reload(const LoadedConfig& running, const LoadedConfig& wanted);

// `wanted`, but with the values of `running` at `paths`: what runs when a change is taken over in part.
LoadedConfig with_kept(const LoadedConfig& running, LoadedConfig wanted, const std::vector<JsonPath>& paths);

// "gateway.port, gateway.bind"; the number of the rest after many.
std::string joined_paths(const std::vector<JsonPath>& paths);

}  // namespace omenia
