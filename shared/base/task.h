#pragma once
// Task<T>: work that takes more than one step in time, written top to bottom as a coroutine on the loop's thread.
// Lazy: nothing runs before somebody awaits it or a TaskScope starts it. Its owner destroys it, and destroying a
// suspended task destroys what it awaits. Rules that g++ 12 forces on callers are in ARCHITECTURE.md, "Coroutines".

#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "shared/base/result.h"

namespace omenia {

template <typename T>
class Task;

namespace detail {

struct TaskPromiseBase {
  std::coroutine_handle<> awaiting;  // Who is resumed when this task ends, if anybody.
  std::function<void()> on_done;     // Set by a scope instead of an awaiting coroutine.

  std::suspend_always initial_suspend() noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) noexcept {
      TaskPromiseBase& promise = ended.promise();
      if (promise.on_done) {
        auto done = std::move(promise.on_done);  // The call may destroy the frame: keep the function outside it.
        done();
        return std::noop_coroutine();
      }
      return promise.awaiting ? promise.awaiting : std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }

  void unhandled_exception() noexcept {
    std::fputs("omenia: an exception reached a task; exceptions stay in the wrapper of their library\n", stderr);
    std::abort();
  }
};

template <typename T>
struct TaskPromise : TaskPromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  template <typename U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
};

template <>
struct TaskPromise<void> : TaskPromiseBase {
  Task<void> get_return_object();
  void return_void() noexcept {}
};

}  // namespace detail

template <typename T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      reset();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() { reset(); }

  class Awaiter {
   public:
    explicit Awaiter(Handle handle) : handle_(handle) {}
    Awaiter(const Awaiter&) = delete;
    Awaiter& operator=(const Awaiter&) = delete;
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
      handle_.promise().awaiting = awaiting;
      return handle_;
    }
    T await_resume() {
      if constexpr (!std::is_void_v<T>) return std::move(*handle_.promise().value);
    }

   private:
    Handle handle_;
  };

  // The task stays the owner of its frame while it is awaited, so it must be a named local of the caller.
  Awaiter operator co_await() && { return Awaiter(handle_); }

  // For owners that are not coroutines: runs the task until its first suspension; `on_done` is called at its end
  // and may destroy the task.
  void start(std::function<void()> on_done) {
    handle_.promise().on_done = std::move(on_done);
    handle_.resume();
  }

 private:
  void reset() {
    if (handle_) std::exchange(handle_, nullptr).destroy();
  }
  Handle handle_;
};

namespace detail {
template <typename T>
Task<T> TaskPromise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<TaskPromise<T>>::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<TaskPromise<void>>::from_promise(*this));
}
}  // namespace detail

// Owns tasks that nobody awaits. Destroying the scope destroys what still runs in it, which cancels what those
// tasks await. Not thread-safe: it lives on the loop's thread.
class TaskScope {
 public:
  TaskScope() = default;
  TaskScope(const TaskScope&) = delete;
  TaskScope& operator=(const TaskScope&) = delete;
  ~TaskScope() {
    auto tasks = std::move(tasks_);
    tasks.clear();
  }

  void spawn(Task<void> task) {
    auto owned = std::make_shared<Task<void>>(std::move(task));
    tasks_.push_back(owned);
    Task<void>* address = owned.get();
    owned->start([this, address] { forget(address); });
  }
  std::size_t size() const { return tasks_.size(); }

 private:
  void forget(Task<void>* ended) {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (tasks_[i].get() != ended) continue;
      std::swap(tasks_[i], tasks_.back());
      tasks_.pop_back();  // Destroys the frame: it is at its final suspension.
      return;
    }
  }
  std::vector<std::shared_ptr<Task<void>>> tasks_;
};

}  // namespace omenia

// Awaits a task or pending answer of a Result, passes its failure on, names its value. `co_await` stands before a
// name because g++ 12.2 destroys temporaries of an awaited expression twice.
#define TRY_AWAIT(declaration, expression)                                                               \
  auto OMENIA_JOIN(awaited_, __LINE__) = (expression);                                                   \
  auto OMENIA_JOIN(answer_, __LINE__) = co_await std::move(OMENIA_JOIN(awaited_, __LINE__));             \
  if (!OMENIA_JOIN(answer_, __LINE__).ok()) co_return std::move(OMENIA_JOIN(answer_, __LINE__)).error(); \
  declaration = std::move(OMENIA_JOIN(answer_, __LINE__)).value()

// The same for a Result<void>, or where the value is not needed.
#define TRY_AWAIT_DONE(expression)                                                           \
  auto OMENIA_JOIN(awaited_, __LINE__) = (expression);                                       \
  auto OMENIA_JOIN(answer_, __LINE__) = co_await std::move(OMENIA_JOIN(awaited_, __LINE__)); \
  if (!OMENIA_JOIN(answer_, __LINE__).ok()) co_return std::move(OMENIA_JOIN(answer_, __LINE__)).error()
