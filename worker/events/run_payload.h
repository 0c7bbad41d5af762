#pragma once
// The end of a run in the shapes that clients know: a lifecycle event, the second answer of `agent`, the answer of
// `agent.wait`, and a heartbeat.

#include <string>

#include "shared/json/writer.h"
#include "worker/agents/run.h"
#include "worker/rpc/call.h"

namespace omenia::worker {

void write_lifecycle_end(JsonWriter& writer, const agents::RunOutcome& outcome);
void write_error_detail(JsonWriter& writer, const agents::RunOutcome& outcome);  // `errorDetail` of a chat error.

rpc::Answer agent_answer(const agents::RunOutcome& outcome);
std::string wait_payload(const agents::RunOutcome& outcome);

// Of a turn that was made for a wake.
std::string heartbeat_payload(const agents::RunOutcome& outcome);

}  // namespace omenia::worker
