#pragma once
// Loop: one libevent base and what our code does with it: run, stop, timers, work posted from other threads.
// Everything but `post` is called on the loop's thread.

#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>

struct event_base;
struct event;

namespace omenia {

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();   // Until stop().
  void stop();  // After the current callback.

  // From the next run() on, a wait that is likely to be short, as the one before it was, is spent looking for events
  // for so long before the thread goes to sleep: where turns follow each other closely, falling asleep and being woken
  // takes longer than the wait. 0, and where the process has one processor alone: never.
  void poll_busily(std::int64_t up_to_us);

  // Runs `work` on the loop's thread, soon, in the order of posting. Thread-safe. Work that is still posted when the
  // loop is destroyed is dropped.
  void post(std::function<void()> work);

  event_base* base() { return base_; }

 private:
  struct Mailbox;
  bool find_events();
  bool await_events();

  event_base* base_;
  std::shared_ptr<Mailbox> mailbox_;
  std::int64_t busy_poll_us_ = 0;
};

// Calls a function after a time; starting it again moves the time. Destroying it cancels.
class Timer {
 public:
  Timer(Loop& loop, std::function<void()> expired);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void start(std::int64_t delay_ms);  // Once.
  void start_repeating(std::int64_t every_ms);
  void stop();
  bool running() const;

 private:
  static void on_event(int fd, short what, void* self);
  std::function<void()> expired_;
  event* event_;
};

// Calls a function when a descriptor is readable (or writable). Does not own the descriptor.
class Watch {
 public:
  enum class For { reading, writing };
  Watch(Loop& loop, int fd, For what, std::function<void()> ready);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  static void on_event(int fd, short what, void* self);
  std::function<void()> ready_;
  event* event_;
};

// Calls a function for a POSIX signal, on the loop.
class SignalWatch {
 public:
  SignalWatch(Loop& loop, int signal_number, std::function<void()> arrived);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  static void on_event(int signal_number, short what, void* self);
  std::function<void()> arrived_;
  event* event_;
};

// Awaits a time: `Sleep pause(loop, 200, stop); const bool whole = co_await pause;` False when `stop` was asked for,
// which ends the wait at once.
class Sleep {
 public:
  Sleep(Loop& loop, std::int64_t delay_ms, std::stop_token stop);
  ~Sleep();
  Sleep(const Sleep&) = delete;
  Sleep& operator=(const Sleep&) = delete;

  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> waiting);
  bool await_resume() const noexcept;

 private:
  void wake();
  Timer timer_;
  std::int64_t delay_ms_;
  std::stop_token stop_;
  std::unique_ptr<std::stop_callback<std::function<void()>>> on_stop_;
  std::coroutine_handle<> waiting_;
};

}  // namespace omenia
