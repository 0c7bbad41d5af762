#pragma once
// JobThread: a thread with a bounded queue. It is started by its first job and sleeps when it has none.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "state/job.h"

namespace omenia::state {

class JobThread {
 public:
  // `handle` gets up to `batch_max` jobs at a time, in the order in which they came.
  JobThread(std::size_t batch_max, std::function<void(std::vector<Job>)> handle);
  ~JobThread();  // After the jobs that are queued.
  JobThread(const JobThread&) = delete;
  JobThread& operator=(const JobThread&) = delete;

  // Takes the job. False: the queue is full, or the system gives no thread; the job is untouched.
  bool submit(Job& job);

 private:
  bool start();
  void work();
  std::vector<Job> next_batch();  // Empty: closed, and nothing is left.

  const std::size_t batch_max_;
  const std::function<void(std::vector<Job>)> handle_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> queue_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace omenia::state
