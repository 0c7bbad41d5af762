// Lanes: first come first served in each session, one at a time, and a bound on all of them together.
#include <gmock/gmock.h>

#include <deque>
#include <map>
#include <random>

#include "shared/base/task.h"
#include "shared/loop/loop.h"
#include "tests/unit/net/on_loop.h"
#include "worker/agents/lanes.h"

namespace omenia::test {
namespace {

using agents::Lanes;
using testing::ElementsAre;
using testing::IsEmpty;

class LanesTest : public OnLoop {
 protected:
  // A run in the queue: `begun` is what it was told, if anything.
  struct Runner {
    Runner(Lanes& lanes, const std::string& key, std::string name, std::vector<std::string>* order)
        : turn(lanes, key), name(std::move(name)), order(order) {
      scope.spawn(wait(this));
    }
    static Task<void> wait(Runner* self) {
      auto begun = self->turn.begun();
      self->begun = co_await std::move(begun);
      if (*self->begun) self->order->push_back(self->name);
    }
    Lanes::Turn turn;
    std::string name;
    std::vector<std::string>* order;
    std::optional<bool> begun;
    TaskScope scope;
  };

  std::unique_ptr<Runner> enter(const std::string& key, std::string name) {
    return std::make_unique<Runner>(lanes, key, std::move(name), &order);
  }

  // Faster than looking whether it has happened.
  void run_what_is_due() {
    loop.post([this] { loop.stop(); });
    loop.run();
  }

  std::vector<std::string> order;
  Lanes lanes{loop, 4};
};

TEST_F(LanesTest, OneAtATimeInTheOrderOfComing) {
  auto first = enter("a", "first");
  auto second = enter("a", "second");
  auto third = enter("a", "third");
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("first"));
  EXPECT_EQ(lanes.queued("a"), 2u);
  first.reset();
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("first", "second"));
  second.reset();
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("first", "second", "third"));
  EXPECT_EQ(lanes.queued("a"), 0u);
}

TEST_F(LanesTest, OneThatHasToWaitForNobodyBeginsAtOnce) {
  auto first = enter("a", "first");
  EXPECT_EQ(first->begun, true);
}

TEST_F(LanesTest, WhoWaitedBeginsOnTheLoopAndNotWithinACall) {
  auto first = enter("a", "first");
  auto second = enter("a", "second");
  first.reset();
  EXPECT_FALSE(second->begun);
  run_what_is_due();
  EXPECT_EQ(second->begun, true);
}

TEST_F(LanesTest, SessionsDoNotWaitForEachOther) {
  auto slow = enter("a", "slow");
  auto queued = enter("a", "queued");
  auto other = enter("b", "other");
  auto empty_key = enter("", "empty key");
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("slow", "other", "empty key"));
}

TEST_F(LanesTest, NoMoreThanTheBoundGoAtOnce) {
  std::vector<std::unique_ptr<Runner>> runners;
  for (const char* key : {"a", "b", "c", "d", "e", "f"}) runners.push_back(enter(key, key));
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("a", "b", "c", "d"));
  runners[1].reset();
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("a", "b", "c", "d", "e"));
}

TEST_F(LanesTest, AWaitingSessionHoldsNoPlace) {
  lanes.set_running_max(2);
  auto running = enter("a", "a1");
  auto queued = enter("a", "a2");
  auto other = enter("b", "b1");
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("a1", "b1"));
}

TEST_F(LanesTest, ACancelledOneIsToldAndTheNextKeepsItsTurn) {
  auto first = enter("a", "first");
  auto second = enter("a", "second");
  auto third = enter("a", "third");
  second->turn.cancel();
  EXPECT_FALSE(second->begun);
  run_what_is_due();
  ASSERT_TRUE(second->begun);
  EXPECT_FALSE(*second->begun);
  EXPECT_EQ(lanes.queued("a"), 1u);
  first.reset();
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("first", "third"));
  second->turn.cancel();
  second.reset();
  EXPECT_EQ(lanes.queued("a"), 0u);
}

TEST_F(LanesTest, OneThatWaitsForAPlaceCanBeCancelled) {
  lanes.set_running_max(1);
  auto running = enter("a", "a1");
  auto waiting = enter("b", "b1");
  auto behind = enter("b", "b2");
  run_what_is_due();
  waiting->turn.cancel();
  running.reset();
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("a1", "b2"));
}

TEST_F(LanesTest, CancellingOneThatRunsChangesNothing) {
  auto running = enter("a", "a1");
  auto behind = enter("a", "a2");
  running->turn.cancel();
  run_what_is_due();
  EXPECT_EQ(running->begun, true);
  running->turn.cancel();
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("a1"));
}

TEST_F(LanesTest, OneThatIsDestroyedBeforeItHearsOfItsTurnGivesItUp) {
  auto first = enter("a", "a1");
  auto second = enter("a", "a2");
  auto third = enter("a", "a3");
  first.reset();
  second.reset();
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("a1", "a3"));
}

TEST_F(LanesTest, AreEmptyAfterEverybodyLeft) {
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<Runner>> runners;
    for (int i = 0; i < 20; ++i) runners.push_back(enter(i % 2 == 0 ? "a" : "b", "x"));
    if (round == 1) run_what_is_due();
    if (round == 2) std::reverse(runners.begin(), runners.end());
    runners.clear();
  }
  order.clear();
  std::vector<std::unique_ptr<Runner>> all;
  for (const char* key : {"a", "b", "c", "d"}) all.push_back(enter(key, key));
  run_what_is_due();
  EXPECT_EQ(order.size(), 4u);
}

TEST_F(LanesTest, ABoundOfZeroHoldsEverybodyUntilItIsRaised) {
  lanes.set_running_max(0);
  auto first = enter("a", "a1");
  run_what_is_due();
  EXPECT_THAT(order, IsEmpty());
  lanes.set_running_max(1);
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("a1"));
}

TEST_F(LanesTest, ALowerBoundEndsNobodyAndLetsNobodyIn) {
  auto a = enter("a", "a");
  auto b = enter("b", "b");
  run_what_is_due();
  lanes.set_running_max(1);
  auto c = enter("c", "c");
  a.reset();
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("a", "b"));
  b.reset();
  run_what_is_due();
  EXPECT_THAT(order, ElementsAre("a", "b", "c"));
}

// Any order of coming, leaving and cancelling: what holds above, holds always.
TEST_F(LanesTest, KeepTheirPromisesInAnyOrderOfEvents) {
  std::mt19937 random(20261124);
  std::map<std::string, std::deque<std::unique_ptr<Runner>>> sessions;
  const std::string keys[] = {"a", "b", "c", "d", "e", "f", "g"};
  const auto check = [&] {
    std::size_t running = 0;
    for (const auto& [key, lane] : sessions) {
      std::size_t of_lane = 0;
      for (std::size_t i = 0; i < lane.size(); ++i) {
        if (lane[i]->begun != true) continue;
        ++of_lane;
        EXPECT_EQ(i, 0u) << "one that came later runs in " << key;
      }
      EXPECT_LE(of_lane, 1u);
      running += of_lane;
    }
    EXPECT_LE(running, 4u);
    std::size_t lanes_in_use = 0;
    for (const auto& [key, lane] : sessions) lanes_in_use += lane.empty() ? 0 : 1;
    EXPECT_EQ(running, std::min<std::size_t>(4, lanes_in_use));
  };
  for (int step = 0; step < 3000; ++step) {
    auto& lane = sessions[keys[random() % std::size(keys)]];
    if (lane.empty() || random() % 2 == 0) {
      const std::string& key = keys[random() % std::size(keys)];
      sessions[key].push_back(enter(key, key));
    } else {
      const std::size_t at = random() % lane.size();
      if (random() % 2 == 0) lane[at]->turn.cancel();
      if (random() % 3 == 0) run_what_is_due();
      lane.erase(lane.begin() + static_cast<std::ptrdiff_t>(at));
    }
    if (random() % 4 == 0) {
      run_what_is_due();
      check();
    }
    if (HasFailure()) FAIL() << "at step " << step;
  }
}

}  // namespace
}  // namespace omenia::test
