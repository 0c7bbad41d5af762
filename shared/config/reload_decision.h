#pragma once
// ReloadDecision: what is done about a ReloadPlan under gateway.reload.mode. One table of modes by classes; the words
// that the log and `status` use for the outcome.

#include <string>
#include <string_view>
#include <vector>

#include "shared/config/plan.h"

namespace omenia {

// From least to most. A plan as a whole gets the most of its changes, so that nothing is applied by halves: what
// needs a new worker takes the rest of the edit with it.
enum class ReloadAction {
  none,    // Nothing changed.
  ignore,  // The mode does not allow it; the running values stay.
  apply,   // In the running worker, at once.
  swap,    // A new worker with the new configuration replaces this one.
};
std::string_view to_text(ReloadAction action);

struct ReloadDecision {
  ReloadAction action = ReloadAction::none;
  std::vector<JsonPath> kept;  // What is ignored although something else of the plan is applied, or all of it.
  std::string outcome{};       // Of apply or swap: one line for the log. Empty otherwise.
  std::string warning{};       // Names what is ignored, and why. Empty: nothing is.
};

// `mode` is that of the wanted configuration, for otherwise `off` could never be left; gateway.reload.mode itself is
// taken over under every mode.
ReloadDecision decide(std::string_view mode, const ReloadPlan& plan);

// "config change detected; evaluating reload (logging.level)"
std::string detection_text(const ReloadPlan& plan);

}  // namespace omenia
