#pragma once
// SessionKey: the name of a conversation, "agent:<agentId>:<rest>", lower case. Clients may name one in short ("main",
// "my-thread"); inside the worker a key is always whole.

#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace omenia::sessions {

struct SessionKey {
  std::string text;      // "agent:main:my-thread"
  std::string agent_id;  // "main"
  std::string rest;      // "my-thread"

  bool is_main() const { return rest == "main"; }
};

SessionKey make_key(std::string_view agent_id, std::string_view rest);

// Qualifies a bare key with `default_agent`. Errors: invalid_request for an empty, too long or unprintable key, or one
// that starts with "agent:" and names no agent.
Result<SessionKey> parse_key(std::string_view text, std::string_view default_agent);

// Keys that only the gateway itself makes: sub-agents, scheduled jobs, external harnesses.
bool is_reserved(const SessionKey& key);

}  // namespace omenia::sessions
