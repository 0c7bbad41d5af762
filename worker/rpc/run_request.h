#pragma once
// From the parameters of `agent` and `chat.send` to a RunRequest.

#include "worker/agents/run.h"
#include "worker/rpc/call.h"

namespace omenia::rpc {

// The parameter `member` (empty: the agent's main session) with params.agentId, which must not contradict each other.
Result<sessions::SessionKey> named_session(const Call& call, std::string_view member = "sessionKey");

// What a caller asks for and this release cannot do: attachments, delivery to a channel.
Result<void> refuse_unavailable(const Call& call);

agents::RunRequest request_of(const Call& call, sessions::SessionKey session, std::string origin);

}  // namespace omenia::rpc
