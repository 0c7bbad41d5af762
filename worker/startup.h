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

// The credentials that count: flag over configuration over environment. In token mode without any token one is made for
// this process alone; `made_token` is then set.
Result<auth::AuthSettings> resolve_auth(const Launch& launch, const Config& config, const Environment& environment,
                                        bool& made_token);

// Opens the store and makes everything that serves.
Result<void> build(Context& context);

// Starts to accept on the inherited listening sockets.
void listen_on_inherited(Context& context);

}  // namespace omenia::worker
