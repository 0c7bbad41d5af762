#pragma once
// Drain: how a worker leaves. Nothing new is taken, clients are told and closed, runs and requests may finish until the
// deadline, then the store is closed and the process ends.

#include <cstdint>
#include <string>

#include "worker/context.h"

namespace omenia::worker {

struct DrainOrder {
  std::int64_t deadline_ms = limits::stop_drain_ms;
  std::string reason = "gateway stopping";
  std::int64_t restart_expected_ms = 0;  // 0: it is not coming back by itself.
  bool swap = false;                     // Another worker serves already.
};

// Ends the loop when everything is done. A second order only changes the time.
void begin_drain(Context& context, DrainOrder order);

// Looks whether the last connection has answered its close; called until it has, or until the grace is over.
void leave_when_closed(Context& context);

}  // namespace omenia::worker
