#pragma once
// Context: what the supervisor process owns.

#include <vector>

#include "shared/log/log.h"
#include "shared/loop/loop.h"
#include "shared/protocol/launch.h"
#include "supervisor/instance_lock.h"
#include "supervisor/listener.h"
#include "supervisor/restart_policy.h"
#include "supervisor/service_notify.h"
#include "supervisor/states.h"

namespace omenia::supervisor {

struct Context {
  Launch launch;
  Log log;
  InstanceLock lock;
  std::vector<Listener> listeners;
  ServiceNotify notify;
  int watchdog_ms = 0;  // The service manager wants a sign of life as often; 0: none.
  Deadlines deadlines{};
  RestartRules restart_rules{};
  Loop loop{};
};

}  // namespace omenia::supervisor
