// Tasks, timers and posted work run on the loop, and end when their owner does.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "shared/base/pending.h"
#include "shared/base/task.h"
#include "shared/loop/loop.h"

namespace omenia {
namespace {

// Marks its destruction, to see that what a task held is gone.
class Witness {
 public:
  explicit Witness(int& count) : count_(count) {}
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  ~Witness() { ++count_; }

 private:
  int& count_;
};

Task<Result<int>> twice(Loop& loop, int number, std::stop_token stop) {
  Sleep pause(loop, 1, stop);
  const bool whole = co_await pause;
  if (!whole) co_return fail(ErrorCode::run_aborted, "stopped");
  if (number < 0) co_return fail(ErrorCode::invalid_request, "negative");
  co_return number * 2;
}

Task<Result<int>> four_times(Loop& loop, int number, std::stop_token stop) {
  TRY_AWAIT(const int doubled, twice(loop, number, stop));
  TRY_AWAIT(const int result, twice(loop, doubled, stop));
  co_return result;
}

Task<void> keep(Loop& loop, int number, std::stop_token stop, std::string& into) {
  auto task = four_times(loop, number, stop);
  auto result = co_await std::move(task);
  into = result.ok() ? std::to_string(result.value()) : result.error().message;
  loop.stop();
}

Task<void> wait_long(Loop& loop, int& destroyed) {
  const Witness witness(destroyed);
  Sleep pause(loop, 3'600'000, {});
  co_await pause;
}

Task<void> await_answer(Pending<int> pending, int& into) {
  into = co_await std::move(pending);
}

TEST(Task, NestedTasksReturnValuesAndFailures) {
  for (const auto& [number, expected] : {std::pair(3, "12"), std::pair(-1, "negative")}) {
    Loop loop;
    std::string result;
    TaskScope scope;
    scope.spawn(keep(loop, number, {}, result));
    loop.run();
    EXPECT_EQ(result, expected);
    EXPECT_EQ(scope.size(), 0u);
  }
}

TEST(Task, AStopEndsAWaitAtOnce) {
  Loop loop;
  std::stop_source source;
  std::string result;
  TaskScope scope;
  scope.spawn(keep(loop, 3, source.get_token(), result));
  source.request_stop();
  loop.run();
  EXPECT_EQ(result, "stopped");
}

TEST(Task, NothingRunsBeforeItIsStarted) {
  Loop loop;
  int destroyed = 0;
  { const auto task = wait_long(loop, destroyed); }
  EXPECT_EQ(destroyed, 0);
}

TEST(TaskScope, ItsEndEndsWhatStillRuns) {
  Loop loop;
  int destroyed = 0;
  {
    TaskScope scope;
    for (int i = 0; i < 10; ++i) scope.spawn(wait_long(loop, destroyed));
    EXPECT_EQ(scope.size(), 10u);
  }
  EXPECT_EQ(destroyed, 10);
}

TEST(Pending, TheAnswerResumesTheWaiterOnce) {
  Pending<int> pending;
  const auto resolver = pending.resolver();
  int answer = 0;
  TaskScope scope;
  scope.spawn(await_answer(std::move(pending), answer));
  EXPECT_EQ(answer, 0);
  resolver.resolve(7);
  EXPECT_EQ(answer, 7);
  resolver.resolve(8);
  EXPECT_EQ(answer, 7);
}

TEST(Pending, AnAnswerMayComeBeforeOrAfterTheWaiter) {
  Pending<int> early;
  early.resolver().resolve(1);
  int answer = 0;
  TaskScope scope;
  scope.spawn(await_answer(std::move(early), answer));
  EXPECT_EQ(answer, 1);

  Pending<int> late;
  const auto resolver = late.resolver();
  int never = 0;
  {
    TaskScope gone;
    gone.spawn(await_answer(std::move(late), never));
  }
  resolver.resolve(2);
  EXPECT_EQ(never, 0);
}

TEST(Loop, PostedWorkRunsInOrderFromAnyThread) {
  Loop loop;
  std::vector<int> order;
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) loop.post([&order, i] { order.push_back(i); });
    loop.post([&loop] { loop.stop(); });
  });
  loop.run();
  other.join();
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(Loop, WorkPostedByWorkRunsInALaterTurn) {
  Loop loop;
  std::string order;
  loop.post([&] {
    loop.post([&] {
      order += "c";
      loop.stop();
    });
    order += "a";
  });
  loop.post([&] { order += "b"; });
  loop.run();
  EXPECT_EQ(order, "abc");
}

TEST(Timer, StartingItAgainMovesItAndStoppingEndsIt) {
  Loop loop;
  int moved = 0;
  Timer never(loop, [&] { FAIL() << "it was stopped"; });
  Timer timer(loop, [&] {
    ++moved;
    loop.stop();
  });
  never.start(1);
  never.stop();
  timer.start(3'600'000);
  timer.start(1);
  EXPECT_TRUE(timer.running());
  EXPECT_FALSE(never.running());
  loop.run();
  EXPECT_EQ(moved, 1);
}

TEST(Timer, ItMayBeDestroyedByItsOwnFunction) {
  Loop loop;
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>(loop, [&] {
    timer.reset();
    loop.stop();
  });
  timer->start_repeating(1);
  loop.run();
  EXPECT_EQ(timer, nullptr);
}

}  // namespace
}  // namespace omenia
