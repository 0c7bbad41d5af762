#pragma once
// Targets: which agent and session a webhook reaches. A sender chooses only what the operator lets it choose.

#include <string>

#include "worker/context.h"
#include "worker/sessions/key.h"

namespace omenia::hooks {

struct TargetWish {
  std::string agent_id;         // Empty: the session's, or the default one.
  std::string session_key;      // Empty: none is named.
  bool chosen_outside = false;  // The key, or a part of it, is the sender's word.
  bool persistent = false;      // The session goes on: what was said before is told.
};

// Errors: invalid_request, says which key of the configuration stands against it.
Result<sessions::SessionKey> session_of_run(const worker::Context& context, const TargetWish& wish);
// The same for an event: the agent's main session when none is named.
Result<sessions::SessionKey> session_of_wake(const worker::Context& context, const TargetWish& wish);

}  // namespace omenia::hooks
