#include "state/job_thread.h"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include "shared/base/limits.h"

namespace omenia::state {

JobThread::JobThread(std::size_t batch_max, std::function<void(std::vector<Job>)> handle)
    : batch_max_(batch_max), handle_(std::move(handle)) {}

JobThread::~JobThread() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool JobThread::submit(Job& job) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= limits::store_queue_max || !start()) return false;
    queue_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

bool JobThread::start() {
  if (thread_.joinable()) return true;
  try {
    thread_ = std::thread([this] { work(); });
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

void JobThread::work() {
  for (auto batch = next_batch(); !batch.empty(); batch = next_batch()) handle_(std::move(batch));
}

std::vector<Job> JobThread::next_batch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(batch_max_, queue_.size()));
  std::vector<Job> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return batch;
}

}  // namespace omenia::state
