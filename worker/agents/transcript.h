#pragma once
// Transcript: the message objects of a session as they are stored, shown to clients and read back into a prompt.

#include <string>
#include <vector>

#include "shared/json/json.h"
#include "state/entries.h"
#include "worker/agents/run.h"

namespace omenia::agents {

// Of images that came with it only their kind and size are kept.
state::EntryRow user_entry(const Run& run, std::int64_t now_ms);
const state::EntryRow& question_of(Run& run);  // The same one each time, of a run that begins as it is accepted.

// The answer, whole or partial, or the failure in its place.
state::EntryRow assistant_entry(const Run& run, const RunOutcome& outcome);

// The message as clients get it: the stored body with "__openclaw" {id, seq, recordTimestampMs, runId?}.
std::string wire_message(const state::EntryRow& entry);

// The text of a stored body's content: a string, or the text parts of a list.
std::string text_of(JsonView content);

// A note that somebody puts into the transcript as if the assistant had said it.
state::EntryRow injected_entry(const std::string& session_id, const std::string& text, std::int64_t now_ms);

// A boundary in a transcript: from now on the model is told this summary, which may be empty, in place of what stands
// before `kept_from_seq`.
state::EntryRow compaction_entry(const std::string& session_id, const std::string& summary, std::int64_t kept_from_seq,
                                 std::int64_t now_ms);

// What of these entries a model is told, oldest first: as text, failures left out, at most the window's bytes
// counted from the end, and nothing before the last boundary but its summary.
std::vector<providers::Message> prompt_messages(const std::vector<state::EntryRow>& entries);

}  // namespace omenia::agents
