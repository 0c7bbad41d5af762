#pragma once
// Commands: the command socket of the supervisor, on which it is asked for a restart of the worker or for its listening
// sockets (shared/protocol/command.h). Only the user it runs as, and root, may ask.

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "shared/protocol/command.h"
#include "supervisor/context.h"
#include "supervisor/states.h"

namespace omenia::supervisor {

// What the supervisor says of itself.
struct Standing {
  State state = State::starting;
  bool swap_wanted = false;  // One follows as soon as it can.
  std::string worker;        // "worker 3 (pid 4711)", the one that serves.
  std::string problem;       // Why the last swap failed.
};

class Commands {
 public:
  struct Asked {
    std::function<Standing()> standing;
    std::function<void(const std::string& why)> swap;
    std::function<void(const std::string& why)> stop;
  };
  Commands(Context& context, Asked asked);  // A socket that cannot be made costs the commands, with a warning.
  ~Commands();

  void look();  // Something has changed: who waits for the end of a restart may have it now.

 private:
  struct Caller {
    pid_t pid = 0;
    bool waits = false;           // For the end of a restart.
    std::string replaced_worker;  // The one that served when it asked.
    std::unique_ptr<ControlChannel> channel;
  };
  void accept_one();
  void hear(Caller& caller, JsonView message);
  void restart(Caller& caller);
  void hand_over(Caller& caller, JsonView message);
  void forget(const Caller* gone);

  Context& context_;
  Asked asked_;
  Logger log_;
  Fd socket_;
  std::unique_ptr<Watch> arriving_;
  std::list<Caller> callers_;
};

}  // namespace omenia::supervisor
