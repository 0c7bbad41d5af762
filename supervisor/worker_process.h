#pragma once
// WorkerProcess: one worker as the supervisor sees it: its process, and the talk over its control channel, which it
// turns into events. The process does not outlive this object.

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/log/log.h"
#include "shared/os/child.h"
#include "shared/protocol/control.h"
#include "supervisor/context.h"
#include "supervisor/states.h"
#include "supervisor/succession.h"

namespace omenia::supervisor {

// How a worker shall leave. With a swap its runs go on for as long as `deadline_ms`, told through the relay.
struct DrainOrder {
  std::int64_t deadline_ms = 0;
  bool swap = false;
};

class WorkerProcess {
 public:
  struct Told {
    std::function<void(Event event, Fact fact)> event;  // ready, refused, heartbeat, drained, lost
    std::function<void(JsonView message)> answer;       // planned, applied
  };

  static Result<std::unique_ptr<WorkerProcess>> start(Context& context, const Launch& launch,
                                                      const std::vector<Listener>& listeners, int generation,
                                                      Told told);
  // A worker that was started by the program that this one replaced.
  static std::unique_ptr<WorkerProcess> adopt(Context& context, const Succession::Worker& left, Told told);
  ~WorkerProcess();  // Kills a process that still runs.
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  Succession::Worker leave() const;                             // For the program that replaces this one.
  bool talks() const { return !greeted_ || !control_.idle(); }  // It cannot be left now.
  std::string name() const;                                     // "worker 3 (pid 4711)"
  bool running() const { return running_; }
  std::int64_t store_generation() const { return store_generation_; }  // 0 until it is ready.

  void tell_drain(const DrainOrder& order);
  void tell_stop();
  void tell_peer(std::int64_t generation, Fd relay);  // Its end of the relay to the worker of that generation.
  void tell_gone(std::int64_t generation);            // That worker has ended.
  void tell_swap_failed(const std::string& reason);
  void tell_plan();
  void tell_apply();
  void kill();
  void capture();  // Has it write where its loop stands.

  // How the process ended, once, after its last words were told; nothing while it runs. Never waits.
  std::optional<ChildEnd> take_end();

 private:
  WorkerProcess(Context& context, int generation, pid_t pid, Fd control, Told told);
  void greet();
  void tell(Event event, Fact fact);
  void hear(JsonView message);
  void hear_hello(JsonView message);
  void hear_end(std::string reason);

  Logger log_;
  int generation_;
  pid_t pid_;
  bool running_ = true;
  bool greeted_ = false;
  std::int64_t store_generation_ = 0;
  Told told_;
  ControlChannel control_;
};

}  // namespace omenia::supervisor
