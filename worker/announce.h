#pragma once
// Announce: what `make run` shows a newcomer: where the gateway is, the token, and two lines to paste.

#include <string>

#include "worker/context.h"

namespace omenia::worker {

std::string announcement(const Context& context);

}  // namespace omenia::worker
