#pragma once
// Reload: follows the configuration's files. A change is planned by the serving worker, which alone knows what the
// settings mean; here it is only decided who does what: the worker applies it, or another one is started.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "shared/json/json.h"
#include "supervisor/context.h"
#include "supervisor/watcher.h"
#include "supervisor/worker_process.h"

namespace omenia::supervisor {

// What a worker is started with and listens on.
struct Front {
  Launch launch;
  std::vector<Listener> listeners;
};

class Reload {
 public:
  // `worker` answers the serving one, or null; `changed` is called when the files have another content, `swap` with the
  // reason for one.
  Reload(Context& context, std::function<WorkerProcess*()> worker, std::function<void()> changed,
         std::function<void(std::string)> swap);

  void look();                     // Has the serving worker plan; its answer comes as `planned`.
  void planned(JsonView message);  // The worker's answer.
  void applied(JsonView message);

  // The addresses of the next worker, when they are other ones than those that serve.
  const std::optional<Front>& next_front() const { return next_front_; }
  void take_next_front();  // It serves now.
  void drop_next_front() { next_front_.reset(); }

 private:
  Result<void> prepare_front(JsonView message);

  Context& context_;
  std::function<WorkerProcess*()> worker_;
  std::function<void(std::string)> swap_;
  Logger log_;
  ConfigWatcher watcher_;
  std::optional<Front> next_front_;
};

}  // namespace omenia::supervisor
