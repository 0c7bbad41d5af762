#pragma once
// Commands: the command socket of the supervisor, on which it is asked for a restart of the worker or for its listening
// sockets (shared/protocol/command.h). Only the user it runs as, and root, may ask.

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "shared/protocol/command.h"
#include "supervisor/context.h"
#include "supervisor/states.h"
#include "supervisor/succession.h"

namespace omenia::supervisor {

// What the supervisor says of itself.
struct Standing {
  State state = State::starting;
  bool swap_wanted = false;  // One follows as soon as it can.
  bool renewing = false;     // The supervisor's program is about to be replaced.
  std::string worker;        // "worker 3 (pid 4711)", the one that serves.
  std::string problem;       // Why the last swap failed.
};

class Commands {
 public:
  struct Asked {
    std::function<Standing()> standing;
    std::function<void(const std::string& why)> swap;
    std::function<void(const std::string& why)> stop;
    std::function<void()> renew;
  };
  Commands(Context& context, Asked asked);  // A socket that cannot be made costs the commands, with a warning.
  ~Commands();

  void adopt(const std::vector<Succession::Caller>& callers);    // They waited when this program replaced another.
  std::optional<std::vector<Succession::Caller>> leave() const;  // Nothing while one of them talks.
  void renewal_failed(const std::string& problem);

  void look();  // Something has changed: who waits for the end of a restart may have it now.

 private:
  struct Caller {
    pid_t pid = 0;
    bool waits = false;           // For the end of a restart.
    bool wants_renewal = false;   // Of the supervisor too.
    std::string replaced_worker;  // The one that served when it asked.
    std::unique_ptr<ControlChannel> channel;
  };
  void accept_on();
  void accept_one();
  Caller& add_caller(Fd socket, pid_t pid);
  void hear(Caller& caller, JsonView message);
  void restart(Caller& caller, bool with_supervisor);
  void hand_over(Caller& caller, JsonView message);
  void forget(const Caller* gone);

  Context& context_;
  Asked asked_;
  Logger log_;
  Fd socket_;
  std::unique_ptr<Watch> arriving_;
  Timer accept_again_;  // When the system had no descriptor for a caller: he waits in the backlog.
  std::list<Caller> callers_;
};

}  // namespace omenia::supervisor
