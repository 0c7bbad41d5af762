// Attempts: who guesses too often is locked out, or slowed down where a lock would hit the operator.
#include <gtest/gtest.h>

#include "worker/auth/attempts.h"

namespace omenia::auth {
namespace {

constexpr std::int64_t start_ms = 1'800'000'000'000;

const Caller remote{"192.0.2.7", false, false};
const Caller page{"127.0.0.1", true, true};
const Caller local{"127.0.0.1", false, true};

class Guessing : public testing::Test {
 protected:
  // Wrong credentials, one a millisecond.
  void fail_times(const Caller& caller, int times, std::int64_t from_ms = start_ms) {
    for (int i = 0; i < times; ++i) attempts.failed(caller, from_ms + i);
  }
  Attempts attempts;
};

TEST_F(Guessing, IsLockedAtTheTenthFailure) {
  fail_times(remote, limits::auth_attempts_max - 1);
  EXPECT_EQ(attempts.locked_ms(remote, start_ms + 8), 0);
  attempts.failed(remote, start_ms + 9);
  EXPECT_EQ(attempts.locked_ms(remote, start_ms + 9), limits::auth_lockout_ms);
}

TEST_F(Guessing, IsLockedUntilTheLockEnds) {
  fail_times(remote, limits::auth_attempts_max);
  const std::int64_t locked_at_ms = start_ms + limits::auth_attempts_max - 1;
  EXPECT_EQ(attempts.locked_ms(remote, locked_at_ms + limits::auth_lockout_ms - 1), 1);
  EXPECT_EQ(attempts.locked_ms(remote, locked_at_ms + limits::auth_lockout_ms), 0);
  EXPECT_EQ(attempts.locked_ms(remote, locked_at_ms + 10LL * limits::auth_lockout_ms), 0);
}

TEST_F(Guessing, CountsAnewAfterTheWindow) {
  fail_times(remote, limits::auth_attempts_max - 1);
  attempts.failed(remote, start_ms + limits::auth_attempts_window_ms + 1);
  EXPECT_EQ(attempts.locked_ms(remote, start_ms + limits::auth_attempts_window_ms + 1), 0);
}

TEST_F(Guessing, CountsUpToTheEndOfTheWindow) {
  fail_times(remote, limits::auth_attempts_max - 1);
  attempts.failed(remote, start_ms + limits::auth_attempts_window_ms);
  EXPECT_GT(attempts.locked_ms(remote, start_ms + limits::auth_attempts_window_ms), 0);
}

TEST_F(Guessing, IsForgivenByASuccess) {
  fail_times(remote, limits::auth_attempts_max - 1);
  attempts.succeeded(remote);
  fail_times(remote, limits::auth_attempts_max - 1, start_ms + 100);
  EXPECT_EQ(attempts.locked_ms(remote, start_ms + 200), 0);
}

TEST_F(Guessing, OfOneAddressLocksNoOther) {
  fail_times(remote, 100);
  for (const Caller& other :
       {Caller{"192.0.2.8", false, false}, Caller{"192.0.2.70", false, false}, Caller{"", false, false}})
    EXPECT_EQ(attempts.locked_ms(other, start_ms + 100), 0) << other.address;
}

TEST_F(Guessing, ByAPageOfThisMachineLocksItsPagesAndNothingElse) {
  fail_times(page, limits::auth_attempts_max);
  EXPECT_GT(attempts.locked_ms(page, start_ms + 20), 0);
  EXPECT_EQ(attempts.locked_ms(local, start_ms + 20), 0);
  EXPECT_EQ(attempts.locked_ms(remote, start_ms + 20), 0);
}

// A header that anybody can write makes nobody another.
TEST_F(Guessing, FromElsewhereCountsForTheAddressWhateverPageItNames) {
  const Caller with_page{remote.address, true, false};
  for (int i = 0; i < limits::auth_attempts_max; ++i) attempts.failed(i % 2 == 0 ? remote : with_page, start_ms + i);
  EXPECT_GT(attempts.locked_ms(remote, start_ms + 20), 0);
  EXPECT_GT(attempts.locked_ms(with_page, start_ms + 20), 0);
}

TEST_F(Guessing, OnThisMachineIsSlowedDownAndNeverLocked) {
  std::int64_t expected_ms = limits::auth_failure_delay_ms_min;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(attempts.failed(local, start_ms + i), expected_ms) << i;
    EXPECT_EQ(attempts.locked_ms(local, start_ms + i), 0);
    expected_ms = std::min<std::int64_t>(expected_ms * 2, limits::auth_failure_delay_ms_max);
  }
}

TEST_F(Guessing, OfOthersIsNotDelayed) {
  EXPECT_EQ(attempts.failed(remote, start_ms), 0);
  EXPECT_EQ(attempts.failed(page, start_ms), 0);
}

TEST_F(Guessing, OnThisMachineIsLockedWhenTheOperatorSaysSo) {
  AttemptLimits limits;
  limits.exempt_loopback = false;
  limits.attempts_max = 2;
  limits.lockout_ms = 7;
  attempts.set_limits(limits);
  EXPECT_EQ(attempts.failed(local, start_ms), 0);
  EXPECT_EQ(attempts.locked_ms(local, start_ms), 0);
  EXPECT_EQ(attempts.failed(local, start_ms), 0);
  EXPECT_EQ(attempts.locked_ms(local, start_ms), 7);
}

TEST_F(Guessing, SuccessOfAStrangerIsNothing) {
  attempts.succeeded(remote);
  EXPECT_EQ(attempts.locked_ms(remote, start_ms), 0);
}

TEST_F(Guessing, SurvivesAClockThatGoesBack) {
  fail_times(remote, limits::auth_attempts_max);
  EXPECT_GT(attempts.locked_ms(remote, start_ms - 1'000'000), 0);
  attempts.failed(remote, start_ms - 1'000'000);
  attempts.failed(remote, 0);
}

TEST_F(Guessing, FromCountlessAddressesIsForgottenOldestFirst) {
  fail_times({"first", false, false}, limits::auth_attempts_max - 1);
  for (std::size_t i = 0; i < limits::auth_tracked_keys_max; ++i)
    attempts.failed({"a" + std::to_string(i), false, false}, start_ms + 20);
  attempts.failed({"first", false, false}, start_ms + 20);
  EXPECT_EQ(attempts.locked_ms({"first", false, false}, start_ms + 20), 0) << "it was counted anew";
}

TEST_F(Guessing, FromCountlessAddressesOpensNoLock) {
  fail_times(remote, limits::auth_attempts_max);
  for (std::size_t i = 0; i < 2 * limits::auth_tracked_keys_max; ++i)
    attempts.failed({"a" + std::to_string(i), false, false}, start_ms + 20);
  EXPECT_GT(attempts.locked_ms(remote, start_ms + 20), 0);
}

// Only when every place is locked do others share one.
TEST_F(Guessing, SharesALockWhenEverythingIsLocked) {
  AttemptLimits strict;
  strict.attempts_max = 1;
  attempts.set_limits(strict);
  for (std::size_t i = 0; i < limits::auth_tracked_keys_max; ++i)
    attempts.failed({"a" + std::to_string(i), false, false}, start_ms);
  EXPECT_EQ(attempts.locked_ms(remote, start_ms), 0);
  attempts.failed({"one more", false, false}, start_ms);
  EXPECT_GT(attempts.locked_ms(remote, start_ms), 0);
  EXPECT_EQ(attempts.locked_ms(remote, start_ms + strict.lockout_ms), 0) << "there is room again";
}

// Whoever has a host of IPv6 has a network of addresses.
TEST_F(Guessing, FromOneNetworkOfIPv6CountsAsOne) {
  for (int i = 0; i < limits::auth_attempts_max; ++i)
    attempts.failed({"2001:db8:0:1::" + std::to_string(i), false, false}, start_ms);
  EXPECT_GT(attempts.locked_ms({"2001:db8:0:1:ffff::1", false, false}, start_ms), 0);
  EXPECT_EQ(attempts.locked_ms({"2001:db8:0:2::1", false, false}, start_ms), 0);
}

}  // namespace
}  // namespace omenia::auth
