#pragma once
// Actions: what a webhook makes of what its sender says: events for sessions, or runs of agents.

#include <cstdint>
#include <string>
#include <vector>

#include "worker/context.h"
#include "worker/sessions/key.h"

namespace omenia::hooks {

struct Wake {
  sessions::SessionKey session;
  std::string text;
  bool now = true;       // A turn is made for it; otherwise the next one tells it.
  bool trusted = false;  // It is not told as coming from outside.
};

struct AgentRun {
  sessions::SessionKey session;
  std::string message;
  std::string name = "Hook";  // Who speaks.
  std::string model;
  std::string thinking;
  std::int64_t timeout_seconds = -1;  // -1: the configured time.
  bool isolated = true;
  bool trusted = false;
  bool waits = false;          // For its end, before it is answered.
  std::string replay_id;       // The same for a repeated request; empty: each is another one.
  std::int64_t replay_ms = 0;  // For so long after its end it is not done again.
};

struct Actions {
  std::vector<Wake> wakes;  // Or
  std::vector<AgentRun> runs;
  bool fans_out = false;  // One for each element of a list, however many there are.

  bool empty() const { return wakes.empty() && runs.empty(); }
};

// POST {base}/wake and {base}/agent. Errors: invalid_request.
Result<Wake> read_wake(const worker::Context& context, JsonView payload);
Result<AgentRun> read_run(const worker::Context& context, const http::Request& request, JsonView payload);

// The key under which a sender asks for the same again; empty: none. Error: invalid_request, it is too long.
Result<std::string> idempotency_key(const http::Request& request, JsonView payload);

}  // namespace omenia::hooks
