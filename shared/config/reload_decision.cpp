#include "shared/config/reload_decision.h"

#include <algorithm>
#include <array>

namespace omenia {

namespace {

using enum ReloadAction;

struct ModeRow {
  std::string_view mode;
  std::array<ReloadAction, 5> actions;  // By class: none, live, rewire, worker, service.
};

// `restart` speaks of changes that require one; what needs none is applied at once in that mode too.
constexpr ModeRow mode_rows[] = {
    {"off", {ignore, ignore, ignore, ignore, ignore}},
    {"hot", {apply, apply, apply, ignore, ignore}},
    {"restart", {apply, apply, apply, swap, swap}},
    {"hybrid", {apply, apply, apply, swap, swap}},
};

const ModeRow& row_of(std::string_view mode) {
  const auto row =
      std::find_if(std::begin(mode_rows), std::end(mode_rows), [&](const ModeRow& each) { return each.mode == mode; });
  return row == std::end(mode_rows) ? mode_rows[0] : *row;
}

ReloadAction action_of(const ModeRow& row, const ConfigChange& change) {
  static const JsonPath mode_path{"gateway", "reload", "mode"};
  if (change.path == mode_path) return apply;
  return row.actions[change.reload ? static_cast<std::size_t>(*change.reload) + 1 : 0];
}

std::vector<JsonPath> paths_where(const ReloadPlan& plan, const auto& holds) {
  std::vector<JsonPath> paths;
  for (const ConfigChange& change : plan.changes)
    if (holds(change)) paths.push_back(change.path);
  return paths;
}

std::string apply_text(const ReloadPlan& plan, const ModeRow& row) {
  const auto is_applied = [&](const ConfigChange& change) { return action_of(row, change) == apply; };
  const auto hot = paths_where(plan, [&](const auto& change) { return is_applied(change) && change.reload; });
  if (!hot.empty()) return "config hot reload applied (" + joined_paths(hot) + ")";
  return "config change applied (dynamic reads: " + joined_paths(paths_where(plan, is_applied)) + ")";
}

std::string restart_text(const ReloadPlan& plan) {
  const auto needs_worker = [](const ConfigChange& change) { return change.reload >= Reload::Worker; };
  return "config change requires gateway restart (" + joined_paths(paths_where(plan, needs_worker)) + ")";
}

std::string ignored_text(const ReloadPlan& plan, const ModeRow& row) {
  if (row.mode == "off") return "config reload disabled (gateway.reload.mode=off)";
  return restart_text(plan) + " — not applied (gateway.reload.mode=" + std::string(row.mode) + ")";
}

}  // namespace

std::string_view to_text(ReloadAction action) {
  switch (action) {
    case none: return "none";
    case ignore: return "ignore";
    case apply: return "apply";
    case swap: return "swap";
  }
  return "";
}

ReloadDecision decide(std::string_view mode, const ReloadPlan& plan) {
  const ModeRow& row = row_of(mode);
  ReloadDecision decision;
  for (const ConfigChange& change : plan.changes) decision.action = std::max(decision.action, action_of(row, change));
  decision.kept = paths_where(plan, [&](const ConfigChange& change) { return action_of(row, change) == ignore; });
  if (decision.action == apply) decision.outcome = apply_text(plan, row);
  if (decision.action == swap) decision.outcome = restart_text(plan);
  if (!decision.kept.empty()) decision.warning = ignored_text(plan, row);
  return decision;
}

std::string detection_text(const ReloadPlan& plan) {
  return "config change detected; evaluating reload (" +
         joined_paths(paths_where(plan, [](const ConfigChange&) { return true; })) + ")";
}

}  // namespace omenia
