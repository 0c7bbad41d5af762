#pragma once
// Dispatch: the actions of webhooks, done, and what their sender is told of it.

#include <optional>
#include <string>

#include "shared/base/task.h"
#include "worker/hooks/actions.h"

namespace omenia::hooks {

// What has become of a run by the time it is answered.
struct Dispatched {
  enum class Kind {
    begun,   // It runs, or has run; also an earlier one that this request repeats.
    failed,  // It never came to the agent.
    late,    // It did not begin in time: it will not, or an earlier request with its key still waits for it.
    over,    // It was asked for earlier, and ended without beginning.
  };
  Kind kind = Kind::begun;
  std::string run_id;
  std::optional<Error> refusal;   // When failed: why it was not taken, unless that is not known.
  agents::SharedOutcome outcome;  // When it was waited for.
};

// With a deadline in milliseconds the run is taken back when it has not begun by then; without one it is waited for.
Task<Dispatched> dispatch_run(worker::Context* context, AgentRun run, std::optional<int> deadline_ms);
http::Response answer_to(const Dispatched& dispatched);

Task<http::Response> dispatch_wake(worker::Context* context, Wake wake);

// Of a mapping.
Task<http::Response> dispatch_all(worker::Context* context, Actions actions);

}  // namespace omenia::hooks
