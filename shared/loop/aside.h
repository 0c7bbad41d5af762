#pragma once
// Aside: a thread of its own for what blocks and is rare, as writing a file durably is. One piece of work at a time, in
// order; each answers on the loop.

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "shared/base/limits.h"
#include "shared/base/pending.h"
#include "shared/base/queue_thread.h"
#include "shared/base/result.h"
#include "shared/loop/loop.h"

namespace omenia {

// Destroying it finishes what was accepted, and answers none of it any more.
class Aside {
 public:
  explicit Aside(Loop& loop) : loop_(loop) {}
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

  // `work` must not touch what lives on the loop. Error: unavailable, when too much waits or no thread can be had.
  template <typename T>
  Pending<Result<T>> run(std::function<Result<T>()> work) {
    Pending<Result<T>> pending;
    auto result = std::make_shared<std::optional<Result<T>>>();
    Job job{[result, work = std::move(work)] { result->emplace(work()); },
            [result, resolver = pending.resolver()] { resolver.resolve(std::move(**result)); }};
    if (!thread_.submit(job)) pending.resolver().resolve(too_busy());
    return pending;
  }

 private:
  struct Job {
    std::function<void()> work;    // On the thread.
    std::function<void()> answer;  // On the loop.
  };

  void handle(std::vector<Job> jobs);
  static Error too_busy();

  Loop& loop_;
  QueueThread<Job> thread_{limits::aside_queue_max, 1, [this](std::vector<Job> jobs) { handle(std::move(jobs)); }};
};

}  // namespace omenia
