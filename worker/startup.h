#pragma once
// Startup: from inherited descriptors to a worker that serves. What cannot work is refused here, in words, before
// ready.

#include <memory>
#include <vector>

#include "shared/base/fd.h"
#include "worker/context.h"

namespace omenia::worker {

// The launch document, the configuration and the credentials. Needs nothing but the launch descriptor.
Result<Beginnings> read_beginnings();

// Opens the store and makes everything that serves.
Result<void> build(Context& context);

// Starts to accept on the inherited listening sockets.
void listen_on_inherited(Context& context);

}  // namespace omenia::worker
