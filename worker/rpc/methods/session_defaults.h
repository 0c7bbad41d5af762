#pragma once
// SessionDefaults: what a session without settings of its own runs with, as chat.history and sessions.list tell it.

#include "shared/json/writer.h"
#include "worker/context.h"

namespace omenia::rpc::methods {

// The member `defaults`, in the object that is open.
void write_session_defaults(JsonWriter& writer, const worker::Context& context);

}  // namespace omenia::rpc::methods
