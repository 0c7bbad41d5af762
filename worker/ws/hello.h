#pragma once
// Hello: the answer to a granted connect.

#include <string>

#include "worker/ws/session.h"

namespace omenia::ws {

std::string hello_payload(const worker::Context& context, const Session& session);

}  // namespace omenia::ws
