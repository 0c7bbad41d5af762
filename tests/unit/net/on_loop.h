#pragma once
// OnLoop: a loop on the test's own thread, and a way to run a task on it to its end.

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "shared/base/ensure.h"
#include "shared/base/task.h"
#include "shared/loop/loop.h"
#include "tests/support/deadline.h"

namespace omenia::test {

template <typename T>
Task<void> keep(Task<T> task, std::optional<T>* answer) {
  auto value = co_await std::move(task);
  answer->emplace(std::move(value));
}

class OnLoop : public testing::Test {
 protected:
  // The task's answer. A test that hangs is ended.
  template <typename T>
  T run(Task<T> task) {
    std::optional<T> answer;
    auto keeping = keep(std::move(task), &answer);
    keeping.start([this] { loop.stop(); });
    if (!answer) run_until([&] { return answer.has_value(); });
    ensure(answer.has_value(), "the task of the test ends");
    return std::move(*answer);
  }

  void run_until(const std::function<bool()>& holds) {
    const Deadline deadline;
    Timer look(loop, [&] {
      if (holds() || deadline.passed()) loop.stop();
    });
    look.start_repeating(poll_ms);
    while (!holds() && !deadline.passed()) loop.run();
    EXPECT_TRUE(holds()) << "what the test waits for has not happened";
  }

  // Until everything that was due by now has been done.
  void run_what_is_due() {
    bool done = false;
    loop.post([&] { done = true; });
    run_until([&] { return done; });
  }

  Loop loop;
};

}  // namespace omenia::test
