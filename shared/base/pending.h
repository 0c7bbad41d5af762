#pragma once
// Pending<T> and Resolver<T>: one answer that comes later, from a callback or from another thread's post to the
// loop. Both halves live on the loop's thread; the resolver may outlive the waiter, whose answer is then dropped.

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

namespace omenia {

namespace detail {
template <typename T>
struct PendingState {
  std::optional<T> value;
  std::coroutine_handle<> waiting;
};
}  // namespace detail

template <typename T>
class Resolver {
 public:
  explicit Resolver(std::shared_ptr<detail::PendingState<T>> state) : state_(std::move(state)) {}

  // Sets the answer and resumes who waits, within this call. Later calls change nothing. Not inlined: g++ 12 warns of
  // an uninitialized value where it sees a small Result moved through here.
  [[gnu::noinline]] void resolve(T value) const {
    if (state_->value.has_value()) return;
    state_->value.emplace(std::move(value));
    auto keep = state_;
    if (auto waiting = std::exchange(keep->waiting, nullptr)) waiting.resume();
  }

  // Nobody waits for the answer any more, and this is the last that could give it.
  bool abandoned() const { return state_.use_count() == 1; }

 private:
  std::shared_ptr<detail::PendingState<T>> state_;
};

template <typename T>
class [[nodiscard]] Pending {
 public:
  Pending() : state_(std::make_shared<detail::PendingState<T>>()) {}
  Pending(Pending&&) noexcept = default;
  Pending& operator=(Pending&&) noexcept = default;
  ~Pending() {
    if (state_) state_->waiting = nullptr;
  }

  Resolver<T> resolver() const { return Resolver<T>(state_); }

  class Awaiter {
   public:
    explicit Awaiter(std::shared_ptr<detail::PendingState<T>> state) : state_(std::move(state)) {}
    Awaiter(const Awaiter&) = delete;
    Awaiter& operator=(const Awaiter&) = delete;
    ~Awaiter() { state_->waiting = nullptr; }
    bool await_ready() const noexcept { return state_->value.has_value(); }
    void await_suspend(std::coroutine_handle<> waiting) noexcept { state_->waiting = waiting; }
    T await_resume() { return std::move(*state_->value); }

   private:
    std::shared_ptr<detail::PendingState<T>> state_;
  };
  Awaiter operator co_await() && { return Awaiter(state_); }

 private:
  std::shared_ptr<detail::PendingState<T>> state_;
};

}  // namespace omenia
