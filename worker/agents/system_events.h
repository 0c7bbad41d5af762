#pragma once
// System events: what happened outside a conversation and is told to its agent with the session's next turn, before the
// message of that turn. It is told once: it leaves the queue when a turn that carried it was answered.

#include <string>
#include <vector>

#include "shared/base/pending.h"
#include "shared/base/task.h"
#include "state/store.h"
#include "worker/agents/run.h"

namespace omenia::agents {

class Runs;

struct SystemEvent {
  sessions::SessionKey session;
  std::string text;
  std::string source;  // Where the text is from, "webhook"; empty: from the gateway itself or an operator.
  bool wakes = false;  // A turn is to be made for it, also by the next worker. Who queues it calls wake().
};

enum class Queued { queued, coalesced };  // coalesced: the same text was the last in the queue already.

std::string_view name_of(Queued outcome);  // "queued", "coalesced"

// What is wrong with the text; for who asks before it does anything else. Error: invalid_request.
Result<void> check_event(const std::string& text);

// Answers when the event is on disk. Errors: invalid_request (empty or too long), storage.
Pending<Result<Queued>> queue(state::Store& store, SystemEvent event);

// The same, and makes the turn that the event asks for. One that cannot be made now is no error: the event is on disk,
// and is told by the session's next turn or by the next worker.
Task<Result<Queued>> tell(state::Store* store, Runs* runs, SystemEvent event);

// Makes a turn for what waits in the session, unless one is waiting for its lane already. It ends without asking the
// model when another turn has told everything by then. Errors: as Runs::submit.
Task<Result<void>> wake(Runs* runs, sessions::SessionKey session);

// Turns for what a worker that is gone has acknowledged and not begun.
Task<void> wake_left_over(state::Store* store, Runs* runs);

inline constexpr std::string_view wake_origin = "wake";  // RunRequest::origin of such a turn.

// A turn's message with the events before it, as the model reads it. The message alone when there are none.
std::string with_events(const std::vector<state::SystemEventRow>& events, const std::string& message);

}  // namespace omenia::agents
