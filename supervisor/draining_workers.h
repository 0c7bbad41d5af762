#pragma once
// DrainingWorkers: the workers that were replaced and finish what they have begun. Each has its own time; when there
// are too many, the oldest is told to leave at once.

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "shared/log/log.h"
#include "shared/loop/loop.h"
#include "supervisor/states.h"
#include "supervisor/worker_process.h"

namespace omenia::supervisor {

class DrainingWorkers {
 public:
  DrainingWorkers(Loop& loop, const Deadlines& deadlines, Logger log)
      : loop_(loop), deadlines_(deadlines), log_(std::move(log)) {}

  void add(std::unique_ptr<WorkerProcess> worker);  // It has been told to drain.
  // One that another program of this process has told to drain, and who they are for the next one; nothing while one of
  // them talks.
  void adopt(std::unique_ptr<WorkerProcess> worker, const Succession::Worker& left);
  std::optional<std::vector<Succession::Worker>> leave() const;
  void hear(const WorkerProcess& worker, Event event);
  void shorten();  // The service stops: what is left has the short time of a stop.

  // Forgets those whose process is gone; answers their store generations.
  std::vector<std::int64_t> take_ended();

  bool empty() const { return leaving_.empty(); }
  std::vector<std::int64_t> generations() const;
  void each(const std::function<void(WorkerProcess&)>& call);

 private:
  struct Leaving {
    std::unique_ptr<WorkerProcess> worker;
    std::unique_ptr<Timer> deadline;
    bool told_to_leave = false;
    std::int64_t ends_ms = 0;  // The deadline's time.
  };
  void wait(Leaving& leaving, std::int64_t time_ms);
  void leave_or_die(Leaving& leaving);

  Loop& loop_;
  const Deadlines& deadlines_;
  Logger log_;
  std::list<Leaving> leaving_;  // The oldest first.
};

}  // namespace omenia::supervisor
