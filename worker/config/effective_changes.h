#pragma once
// Effective changes: what a configuration comes to under the flags and the environment of this start, and what that
// makes of a plan. A port that --port overrides needs no new worker; a variable in .env may need one.

#include <string>
#include <vector>

#include "shared/config/plan.h"
#include "shared/protocol/launch.h"
#include "worker/auth/authenticator.h"

namespace omenia::worker {

struct EffectiveSettings {
  std::vector<ListenAddress> listen;
  std::string bind_mode;
  auth::AuthSettings auth;
};

// Corrects the classes of `plan`, and adds what no key of the file shows.
void weigh_effects(const EffectiveSettings& running, const EffectiveSettings& wanted, ReloadPlan& plan);

}  // namespace omenia::worker
