#pragma once
// Health probe: whether the program that holds our port is a gateway that answers.

#include "shared/protocol/launch.h"

namespace omenia::supervisor {

// Asks /healthz there, for limits::health_probe_ms_max at most. Waits; for the start only.
bool is_live_gateway(const ListenAddress& address);

}  // namespace omenia::supervisor
