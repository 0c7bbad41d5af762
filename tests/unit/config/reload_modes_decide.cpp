// What each mode of gateway.reload.mode does with each class of change, and the words for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/reload_decision.h"

namespace omenia {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const JsonPath level{"logging", "level"};
const JsonPath bind{"gateway", "bind"};
const JsonPath mode{"gateway", "reload", "mode"};

ConfigChange change(const JsonPath& path, ReloadClass reload) {
  return {path, "", "", reload};
}
ReloadPlan plan_of(std::vector<ConfigChange> changes) {
  return {.changes = std::move(changes)};
}

struct Row {
  const char* mode;
  ReloadClass reload;
  ReloadAction action;
};

class Decision : public testing::TestWithParam<Row> {};

TEST_P(Decision, IsThatOfTheTable) {
  const auto decision = decide(GetParam().mode, plan_of({change(bind, GetParam().reload)}));
  EXPECT_EQ(to_text(decision.action), to_text(GetParam().action));
  EXPECT_EQ(decision.outcome.empty(), GetParam().action == ReloadAction::ignore);
  EXPECT_EQ(decision.warning.empty(), GetParam().action != ReloadAction::ignore);
}

constexpr ReloadAction ignore = ReloadAction::ignore;
constexpr ReloadAction apply = ReloadAction::apply;
constexpr ReloadAction swap = ReloadAction::swap;

INSTANTIATE_TEST_SUITE_P(Of, Decision,
                         testing::Values(Row{"off", std::nullopt, ignore}, Row{"off", Reload::Live, ignore},
                                         Row{"off", Reload::Rewire, ignore}, Row{"off", Reload::Worker, ignore},
                                         Row{"off", Reload::Service, ignore}, Row{"hot", std::nullopt, apply},
                                         Row{"hot", Reload::Live, apply}, Row{"hot", Reload::Rewire, apply},
                                         Row{"hot", Reload::Worker, ignore}, Row{"hot", Reload::Service, ignore},
                                         Row{"restart", std::nullopt, apply}, Row{"restart", Reload::Live, apply},
                                         Row{"restart", Reload::Rewire, apply}, Row{"restart", Reload::Worker, swap},
                                         Row{"restart", Reload::Service, swap}, Row{"hybrid", std::nullopt, apply},
                                         Row{"hybrid", Reload::Live, apply}, Row{"hybrid", Reload::Rewire, apply},
                                         Row{"hybrid", Reload::Worker, swap}, Row{"hybrid", Reload::Service, swap}),
                         [](const auto& row) {
                           return std::string(row.param.mode) + "_" + std::string(to_text(row.param.reload));
                         });

TEST(ReloadDecision, OfNoChangeIsNothing) {
  for (const char* name : {"off", "hot", "restart", "hybrid"}) {
    const auto decision = decide(name, {});
    EXPECT_EQ(decision.action, ReloadAction::none);
    EXPECT_EQ(decision.outcome + decision.warning, "");
  }
}

TEST(ReloadDecision, OfAnEditIsOneTransaction) {
  const auto decision = decide("hybrid", plan_of({change(level, Reload::Live), change(bind, Reload::Service)}));
  EXPECT_EQ(decision.action, ReloadAction::swap);
  EXPECT_THAT(decision.kept, IsEmpty());
  EXPECT_EQ(decision.outcome, "config change requires gateway restart (gateway.bind)");
}

TEST(ReloadDecision, InModeHotLeavesOutWhatNeedsARestart) {
  const auto decision = decide("hot", plan_of({change(level, Reload::Live), change(bind, Reload::Service)}));
  EXPECT_EQ(decision.action, ReloadAction::apply);
  EXPECT_THAT(decision.kept, ElementsAre(bind));
  EXPECT_EQ(decision.outcome, "config hot reload applied (logging.level)");
  EXPECT_EQ(decision.warning,
            "config change requires gateway restart (gateway.bind) — not applied (gateway.reload.mode=hot)");
}

TEST(ReloadDecision, InModeOffTakesOverTheModeAlone) {
  const auto decision = decide("off", plan_of({change(mode, Reload::Live), change(level, Reload::Live)}));
  EXPECT_EQ(decision.action, ReloadAction::apply);
  EXPECT_THAT(decision.kept, ElementsAre(level));
  EXPECT_EQ(decision.outcome, "config hot reload applied (gateway.reload.mode)");
  EXPECT_EQ(decision.warning, "config reload disabled (gateway.reload.mode=off)");
}

TEST(ReloadDecision, SaysWhenNothingHadToBeDone) {
  const auto decision = decide("hybrid", plan_of({change({"channels", "telegram"}, std::nullopt)}));
  EXPECT_EQ(decision.outcome, "config change applied (dynamic reads: channels.telegram)");
}

TEST(ReloadDecision, IsToldBeforeItIsMade) {
  EXPECT_EQ(detection_text(plan_of({change(level, Reload::Live), change(bind, Reload::Service)})),
            "config change detected; evaluating reload (logging.level, gateway.bind)");
}

}  // namespace
}  // namespace omenia
