#pragma once
// Takeover: a start by force. Our own supervisor, when it has the port for the same state directory, hands its
// listening sockets over and leaves, so that the port never closes; any other process on the port is ended and named.

#include <vector>

#include "shared/base/result.h"
#include "shared/log/log.h"
#include "shared/protocol/launch.h"
#include "supervisor/listener.h"

namespace omenia::supervisor {

struct TakenOver {
  std::vector<Listener> listeners;               // Empty: there was nothing to take, or it is free now.
  int lock_wait_ms = limits::state_lock_ms_max;  // The one before us may drain for so long, then it lets go.
};

// Not for sockets that the service manager passed: it holds them on purpose. Error: port_in_use, when the port cannot
// be freed: a process of another user has it, or one that does not end.
Result<TakenOver> take_over(const Launch& launch, const Logger& log);

}  // namespace omenia::supervisor
