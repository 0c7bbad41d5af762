#pragma once
// Aside: a thread of its own for what blocks and is rare, as writing a file durably is. One piece of work at a time, in
// order; each answers on the loop.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "shared/base/pending.h"
#include "shared/base/result.h"
#include "shared/loop/loop.h"

namespace omenia {

class Aside {
 public:
  explicit Aside(Loop& loop) : loop_(loop) {}
  ~Aside();  // Finishes what was accepted, answers none of it any more.
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

  // `work` must not touch what lives on the loop. Error: unavailable, when too much waits or no thread can be had.
  template <typename T>
  Pending<Result<T>> run(std::function<Result<T>()> work) {
    Pending<Result<T>> pending;
    auto result = std::make_shared<std::optional<Result<T>>>();
    const bool accepted = submit({[result, work = std::move(work)] { result->emplace(work()); },
                                  [result, resolver = pending.resolver()] { resolver.resolve(std::move(**result)); }});
    if (!accepted) pending.resolver().resolve(too_busy());
    return pending;
  }

 private:
  struct Job {
    std::function<void()> work;    // On the thread.
    std::function<void()> answer;  // On the loop.
  };

  bool submit(Job job);
  void work_on();
  std::optional<Job> next();  // Nothing: closed, and nothing is left.
  static Error too_busy();

  Loop& loop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> queue_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace omenia
