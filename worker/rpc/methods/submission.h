#pragma once
// Submission: what became of a message that was sent, as chat.send and sessions.send tell it.

#include "shared/json/writer.h"
#include "worker/agents/runs.h"

namespace omenia::rpc::methods {

// The members `runId` and `status`.
void write_submission(JsonWriter& writer, const agents::Submission& submission);

}  // namespace omenia::rpc::methods
