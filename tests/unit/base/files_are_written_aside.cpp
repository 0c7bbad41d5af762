// Aside: what blocks runs on a thread of its own, in order, and answers on the loop.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "shared/base/limits.h"
#include "shared/base/task.h"
#include "shared/loop/aside.h"

namespace omenia {
namespace {

class AsideOfALoop : public testing::Test {
 protected:
  // Asks for `work`; what it answers is noted on the loop. The loop ends after `expected` answers.
  void ask(std::function<Result<int>()> work) { scope.spawn(wait_for(std::move(work))); }
  Task<void> wait_for(std::function<Result<int>()> work) {
    auto pending = aside.run(std::move(work));
    const Result<int> answer = co_await std::move(pending);
    answered_on.push_back(std::this_thread::get_id());
    answers.push_back(answer.ok() ? answer.value() : -1);
    if (answers.size() == expected) loop.stop();
  }

  Loop loop;
  Aside aside{loop};
  std::vector<int> answers;
  std::vector<std::thread::id> answered_on;
  std::size_t expected = 0;
  TaskScope scope;
};

TEST_F(AsideOfALoop, WorksElsewhereAndAnswersHereInOrder) {
  expected = 5;
  std::vector<std::thread::id> worked_on(expected);
  for (int i = 0; i < 5; ++i)
    ask([&worked_on, i] {
      worked_on[static_cast<std::size_t>(i)] = std::this_thread::get_id();
      return Result<int>(i);
    });
  loop.run();
  EXPECT_EQ(answers, (std::vector<int>{0, 1, 2, 3, 4}));
  for (const auto thread : answered_on) EXPECT_EQ(thread, std::this_thread::get_id());
  for (const auto thread : worked_on) EXPECT_EQ(thread, worked_on.front());
  EXPECT_NE(worked_on.front(), std::this_thread::get_id());
}

TEST_F(AsideOfALoop, AFailureIsAnswered) {
  expected = 1;
  ask([]() -> Result<int> { return fail(ErrorCode::storage, "no space"); });
  loop.run();
  EXPECT_EQ(answers, std::vector<int>{-1});
}

TEST_F(AsideOfALoop, TooMuchIsRefusedAtOnce) {
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  expected = limits::aside_queue_max + 2;
  std::promise<void> begun;
  ask([&begun, opened] {
    begun.set_value();
    opened.wait();
    return Result<int>(0);
  });
  begun.get_future().wait();
  for (std::size_t i = 0; i < limits::aside_queue_max; ++i) ask([] { return Result<int>(1); });
  EXPECT_TRUE(answers.empty());
  ask([] { return Result<int>(2); });
  EXPECT_EQ(answers, std::vector<int>{-1});
  gate.set_value();
  loop.run();
  EXPECT_EQ(answers.size(), expected);
}

TEST(AsideThatEnds, FinishesWhatItHasAccepted) {
  std::atomic<int> done = 0;
  {
    Loop loop;
    Aside aside(loop);
    for (int i = 0; i < 10; ++i) {
      const std::function<Result<int>()> work = [&done] { return Result<int>(++done); };
      [[maybe_unused]] const auto nobody_waits = aside.run(work);
    }
  }
  EXPECT_EQ(done, 10);
}

}  // namespace
}  // namespace omenia
