// Restarts are rationed: at once, then with growing delay, then held.
#include <gtest/gtest.h>

#include "supervisor/restart_policy.h"

namespace omenia::supervisor {
namespace {

TEST(RestartPolicy, ADeathAfterServingWellCostsNothing) {
  RestartPolicy policy;
  for (int i = 0; i < 100; ++i) {
    const RestartVerdict verdict = policy.died(10'000, 10'000 - limits::crash_early_ms);
    EXPECT_FALSE(verdict.hold);
    EXPECT_EQ(verdict.delay_ms, 0);
  }
}

TEST(RestartPolicy, TheFirstEarlyDeathIsFollowedAtOnceTheNextWithGrowingDelay) {
  RestartPolicy policy({.tally_max = 100, .delay_ms_min = 100, .delay_ms_max = 500});
  EXPECT_EQ(policy.died(0, {}).delay_ms, 0);
  EXPECT_EQ(policy.died(1, {}).delay_ms, 100);
  EXPECT_EQ(policy.died(2, {}).delay_ms, 200);
  EXPECT_EQ(policy.died(3, {}).delay_ms, 400);
  EXPECT_EQ(policy.died(4, {}).delay_ms, 500);
  EXPECT_EQ(policy.died(5, {}).delay_ms, 500);
}

TEST(RestartPolicy, ADeathSoonAfterReadyIsEarly) {
  RestartPolicy policy({.tally_max = 2});
  EXPECT_FALSE(policy.died(0, {}).hold);
  EXPECT_TRUE(policy.died(5'000, 5'000 - limits::crash_early_ms + 1).hold);
}

TEST(RestartPolicy, HoldsAtTheTally) {
  RestartPolicy policy;
  for (int i = 1; i < limits::crash_tally_max; ++i) EXPECT_FALSE(policy.died(i, {}).hold);
  EXPECT_TRUE(policy.died(limits::crash_tally_max, {}).hold);
}

TEST(RestartPolicy, DeathsOutsideTheWindowAreForgotten) {
  RestartPolicy policy({.tally_max = 2, .tally_window_ms = 1'000});
  EXPECT_FALSE(policy.died(0, {}).hold);
  EXPECT_FALSE(policy.died(1'000, {}).hold);
  EXPECT_TRUE(policy.died(1'999, {}).hold);
}

TEST(RestartPolicy, ForgivingStartsOver) {
  RestartPolicy policy({.tally_max = 2});
  EXPECT_FALSE(policy.died(0, {}).hold);
  policy.forgive();
  const RestartVerdict verdict = policy.died(1, {});
  EXPECT_FALSE(verdict.hold);
  EXPECT_EQ(verdict.delay_ms, 0);
}

}  // namespace
}  // namespace omenia::supervisor
