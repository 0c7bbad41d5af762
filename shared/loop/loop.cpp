#include "shared/loop/loop.h"

#include <event2/event.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/ensure.h"
#include "shared/base/fd.h"

namespace omenia {

namespace {
timeval in_ms(std::int64_t ms) {
  if (ms < 0) ms = 0;
  return {static_cast<time_t>(ms / 1000), static_cast<suseconds_t>(ms % 1000 * 1000)};
}
}  // namespace

// The eventfd wakes the loop; the list holds what it shall do. `work` is swapped out before it runs, so that posting
// from posted work goes into the next turn.
struct Loop::Mailbox {
  std::mutex mutex;
  std::vector<std::function<void()>> work;
  Fd wake{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  event* readable = nullptr;

  void run_all() {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake.get(), &count, sizeof count);
    std::vector<std::function<void()>> batch;
    {
      const std::lock_guard lock(mutex);
      batch.swap(work);
    }
    for (auto& item : batch) item();
  }
};

Loop::Loop() : base_(event_base_new()), mailbox_(std::make_shared<Mailbox>()) {
  ensure(base_ && mailbox_->wake.valid(), "the system gives an event queue");
  mailbox_->readable = event_new(
      base_, mailbox_->wake.get(), EV_READ | EV_PERSIST,
      [](evutil_socket_t, short, void* mailbox) { static_cast<Mailbox*>(mailbox)->run_all(); }, mailbox_.get());
  event_add(mailbox_->readable, nullptr);
}

Loop::~Loop() {
  event_free(mailbox_->readable);
  event_base_free(base_);
}

void Loop::poll_busily(std::int64_t up_to_us) {
  busy_poll_us_ = std::thread::hardware_concurrency() > 1 ? up_to_us : 0;
}

void Loop::run() {
  if (busy_poll_us_ == 0) {
    event_base_loop(base_, EVLOOP_NO_EXIT_ON_EMPTY);
    return;
  }
  bool looks = false;
  do {
    looks = looks ? find_events() : await_events();
  } while (!event_base_got_break(base_));
}

// One turn at most, if there are events for it soon. False: none came, so the next wait is no short one.
bool Loop::find_events() {
  const std::int64_t start_us = steady_us();
  event_base_get_max_events(base_, EVENT_BASE_COUNT_ACTIVE, true);  // Cleared by asking.
  do {
    event_base_loop(base_, EVLOOP_NONBLOCK);
    if (event_base_get_max_events(base_, EVENT_BASE_COUNT_ACTIVE, true) > 0) return true;
  } while (steady_us() - start_us < busy_poll_us_);
  return false;
}

// One turn. True: it was a short one, its wait and its work together: below twice the time that is spent looking.
bool Loop::await_events() {
  const std::int64_t start_us = steady_us();
  event_base_loop(base_, EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY);
  return steady_us() - start_us < 2 * busy_poll_us_;
}

void Loop::stop() {
  event_base_loopbreak(base_);
}

void Loop::post(std::function<void()> work) {
  const std::lock_guard lock(mailbox_->mutex);
  mailbox_->work.push_back(std::move(work));
  if (mailbox_->work.size() > 1) return;  // It is woken already.
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(mailbox_->wake.get(), &one, sizeof one);
}

Timer::Timer(Loop& loop, std::function<void()> expired)
    : expired_(std::move(expired)), event_(event_new(loop.base(), -1, 0, &Timer::on_event, this)) {}

Timer::~Timer() {
  event_free(event_);
}

void Timer::start(std::int64_t delay_ms) {
  const timeval delay = in_ms(delay_ms);
  event_del(event_);
  event_assign(event_, event_get_base(event_), -1, 0, &Timer::on_event, this);
  event_add(event_, &delay);
}

void Timer::start_repeating(std::int64_t every_ms) {
  const timeval every = in_ms(every_ms);
  event_del(event_);
  event_assign(event_, event_get_base(event_), -1, EV_PERSIST, &Timer::on_event, this);
  event_add(event_, &every);
}

void Timer::stop() {
  event_del(event_);
}
bool Timer::running() const {
  return event_pending(event_, EV_TIMEOUT, nullptr) != 0;
}

// The function may destroy its owner: it is called from a copy.
void Timer::on_event(int, short, void* self) {
  const auto expired = static_cast<Timer*>(self)->expired_;
  expired();
}

Watch::Watch(Loop& loop, int fd, For what, std::function<void()> ready)
    : ready_(std::move(ready)),
      event_(event_new(loop.base(), fd, static_cast<short>((what == For::reading ? EV_READ : EV_WRITE) | EV_PERSIST),
                       &Watch::on_event, this)) {
  event_add(event_, nullptr);
}

Watch::~Watch() {
  event_free(event_);
}

void Watch::on_event(int, short, void* self) {
  const auto ready = static_cast<Watch*>(self)->ready_;
  ready();
}

SignalWatch::SignalWatch(Loop& loop, int signal_number, std::function<void()> arrived)
    : arrived_(std::move(arrived)), event_(evsignal_new(loop.base(), signal_number, &SignalWatch::on_event, this)) {
  event_add(event_, nullptr);
}

SignalWatch::~SignalWatch() {
  event_free(event_);
}

void SignalWatch::on_event(int, short, void* self) {
  const auto arrived = static_cast<SignalWatch*>(self)->arrived_;
  arrived();
}

Sleep::Sleep(Loop& loop, std::int64_t delay_ms, std::stop_token stop)
    : timer_(loop, [this] { wake(); }), delay_ms_(delay_ms), stop_(std::move(stop)) {}

Sleep::~Sleep() = default;

bool Sleep::await_ready() const noexcept {
  return stop_.stop_requested();
}

void Sleep::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  timer_.start(delay_ms_);
  // Woken through the timer, not within request_stop(): who asks for the stop shall not find itself in another
  // coroutine.
  on_stop_ = std::make_unique<std::stop_callback<std::function<void()>>>(stop_, [this] { timer_.start(0); });
}

bool Sleep::await_resume() const noexcept {
  return !stop_.stop_requested();
}

void Sleep::wake() {
  if (auto waiting = std::exchange(waiting_, nullptr)) waiting.resume();
}

}  // namespace omenia
