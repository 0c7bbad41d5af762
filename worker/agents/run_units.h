#pragma once
// The units of work that runs do in the store. Each is one transaction: all of it is on disk, or nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "state/store.h"
#include "worker/agents/run.h"

namespace omenia::agents {

struct OpenedTurn {
  std::string run_ahead;  // Not empty: nothing was changed, this run of another worker has the session's lane.
  state::EntryRow entry;  // The message, as it stands in the transcript now.
  std::vector<providers::Message> history;    // What was said before.
  std::string model;                          // That the session asks for; empty: the agent's.
  std::string thinking_level;                 // The same; empty: the model's own.
  std::vector<state::SystemEventRow> events;  // What the turn tells the agent of; the run's from now on.
  bool has_no_subject = false;                // Nothing was changed: it is a turn for events, and there are none.

  bool is_open() const { return entry.seq > 0; }
};
struct TurnKind {
  std::string session_key;
  bool only_for_events = false;
};
Result<OpenedTurn> open_turn(state::Tables& tables, const state::EntryRow& message, const TurnKind& kind);

struct Accepted {
  state::SessionRow session;
  std::int64_t number = 0;
  std::optional<state::RunRow> earlier;  // The run id was used before; nothing was changed.
  OpenedTurn turn;                       // When it was to be opened at once.
};
Result<Accepted> accept_run(state::Tables& tables, const Run& run, std::int64_t generation);
// In one unit, for a run whose turn it is already. `message` gets its session's id here.
Result<Accepted> accept_and_open(state::Tables& tables, const Run& run, std::int64_t generation,
                                 state::EntryRow message, const TurnKind& kind);

// All of a one-off, at its end.
state::TurnRow turn_of(const Run& run, const RunOutcome& outcome, const state::EntryRow& question,
                       std::int64_t generation);

// `answer` is appended when the run had started. A run that has ended already keeps its first end; then nothing is
// changed and nothing answered.
Result<std::optional<state::EntryRow>> end_run(state::Tables& tables, const RunOutcome& outcome,
                                               const state::EntryRow& answer);

}  // namespace omenia::agents
