#include "shared/loop/aside.h"

#include <system_error>

#include "shared/base/limits.h"

namespace omenia {

Aside::~Aside() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool Aside::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= limits::aside_queue_max) return false;
    try {
      if (!thread_.joinable()) thread_ = std::thread([this] { work_on(); });
    } catch (const std::system_error&) {
      return false;
    }
    queue_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

// The answer goes to the loop even where nobody waits any more: what it holds is destroyed there.
void Aside::work_on() {
  for (auto job = next(); job; job = next()) {
    job->work();
    loop_.post(std::move(job->answer));
  }
}

std::optional<Aside::Job> Aside::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
  if (queue_.empty()) return std::nullopt;
  Job job = std::move(queue_.front());
  queue_.pop_front();
  return job;
}

Error Aside::too_busy() {
  return fail(ErrorCode::unavailable, "Too many files wait to be written. Try again in a moment.");
}

}  // namespace omenia
