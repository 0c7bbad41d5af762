#pragma once
// SessionEntry: a session's row in answers and events of the methods that change it, and what they check before.

#include <string>
#include <string_view>

#include "shared/json/writer.h"
#include "state/sessions.h"
#include "worker/context.h"
#include "worker/rpc/call.h"

namespace omenia::rpc::methods {

// Error invalid_request for an agent that is not configured.
Result<void> check_agent(const worker::Context& context, const std::string& agent_id);

// "provider/model" that the session's next run uses.
std::string model_of(const worker::Context& context, const state::SessionRow& row);

Error no_session(const std::string& key);  // not_found

// Nothing of the session runs any more. Error unavailable: a run that began meanwhile is in its lane; try again.
Result<void> check_idle(state::Tables& tables, const std::string& key);

// The member `entry`, and `resolved`: the model that the session's next run uses.
void write_entry(JsonWriter& writer, const state::SessionRow& row);
void write_resolved(JsonWriter& writer, const worker::Context& context, const state::SessionRow& row);

// sessions.changed with a reason, to who subscribed.
void tell_session(worker::Context& context, const state::SessionRow& row, std::string_view reason);
void tell_session_gone(worker::Context& context, const state::SessionRow& row);

// session.message: an entry that no run has made.
void tell_message(worker::Context& context, const state::SessionRow& row, const state::EntryRow& entry);

// Stops the session's runs and waits for their ends. Error unavailable when one does not end in time.
Task<Result<bool>> stop_runs(CallPointer call, std::string key, std::string reason);  // Whether there were any.

}  // namespace omenia::rpc::methods
