#pragma once
// QueueThread: a thread with a bounded queue of jobs. It is started by its first job; when it has none it looks after
// what can wait, if it was given such work, and sleeps.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <iterator>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace omenia {

template <typename Job>
class QueueThread {
 public:
  // Called on the thread when no job came for a while, again and again while it answers that there is more to do.
  struct Idle {
    std::chrono::milliseconds after{0};
    std::function<bool()> work{};
  };

  // `handle` is called on the thread, with up to `batch_max` jobs at a time, in the order in which they came.
  QueueThread(std::size_t queue_max, std::size_t batch_max, std::function<void(std::vector<Job>)> handle,
              Idle idle = {})
      : queue_max_(queue_max), batch_max_(batch_max), handle_(std::move(handle)), idle_(std::move(idle)) {}
  ~QueueThread() {  // After the jobs that are queued.
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
  }
  QueueThread(const QueueThread&) = delete;
  QueueThread& operator=(const QueueThread&) = delete;

  // Takes the job. False: the queue is full, or the system gives no thread; the job is untouched.
  bool submit(Job& job) {
    {
      const std::lock_guard lock(mutex_);
      if (queue_.size() >= queue_max_ || !start()) return false;
      queue_.push_back(std::move(job));
    }
    changed_.notify_one();
    return true;
  }

 private:
  bool start() {
    if (thread_.joinable()) return true;
    try {
      thread_ = std::thread([this] { work(); });
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }

  void work() {
    for (auto batch = next_batch(); !batch.empty(); batch = next_batch()) handle_(std::move(batch));
  }

  std::vector<Job> next_batch() {  // Empty: closed, and nothing is left.
    std::unique_lock lock(mutex_);
    const auto called = [this] { return closed_ || !queue_.empty(); };
    for (bool has_more = idle_.work != nullptr; has_more && !changed_.wait_for(lock, idle_.after, called);) {
      lock.unlock();
      has_more = idle_.work();
      lock.lock();
    }
    changed_.wait(lock, called);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(batch_max_, queue_.size()));
    std::vector<Job> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
    return batch;
  }

  const std::size_t queue_max_;
  const std::size_t batch_max_;
  const std::function<void(std::vector<Job>)> handle_;
  const Idle idle_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> queue_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace omenia
