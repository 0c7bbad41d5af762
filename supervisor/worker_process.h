#pragma once
// WorkerProcess: one worker as the supervisor sees it: its process, and the talk over its control channel, which it
// turns into events. The process does not outlive this object.

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "shared/log/log.h"
#include "shared/os/child.h"
#include "shared/protocol/control.h"
#include "supervisor/context.h"
#include "supervisor/states.h"

namespace omenia::supervisor {

class WorkerProcess {
 public:
  using Told = std::function<void(Event event, Fact fact)>;  // ready, refused, heartbeat, drained, lost

  static Result<std::unique_ptr<WorkerProcess>> start(Context& context, int generation, Told told);
  ~WorkerProcess();  // Kills a process that still runs.
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  std::string name() const;  // "worker 3 (pid 4711)"
  void tell_drain(int deadline_ms);
  void tell_stop();
  void kill();

  // How the process ended, once, after its last words were told; nothing while it runs. Never waits.
  std::optional<ChildEnd> take_end();

 private:
  WorkerProcess(Context& context, int generation, pid_t pid, Fd control, Told told);
  void hear(JsonView message);
  void hear_hello(JsonView message);
  void hear_end(std::string reason);

  Logger log_;
  int generation_;
  pid_t pid_;
  bool running_ = true;
  bool greeted_ = false;
  Told told_;
  ControlChannel control_;
};

}  // namespace omenia::supervisor
