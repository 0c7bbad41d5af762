#pragma once
// Run: one message to an agent and what becomes of it. RunRequest is what somebody asks for, Run is one under way,
// RunOutcome is its one end, RunObserver is told what happens in between.

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "state/entries.h"
#include "state/job.h"
#include "worker/providers/provider.h"
#include "worker/sessions/key.h"

namespace omenia::agents {

class RunObserver;

struct RunRequest {
  std::string run_id;  // The caller's idempotency key, or a new UUID; always that for a one-off.
  sessions::SessionKey session;
  std::string origin;  // agent, chat, openai, hook, wake.
  std::string message;
  std::string extra_system;  // Added to the system prompt.
  std::vector<providers::Image> images;
  std::vector<providers::Tool> client_tools;  // Who sent it carries their calls out: a call ends the run.
  providers::ToolChoice tool_choice;
  std::string model;     // "provider/model" for this run alone; empty: the session's, else the agent's.
  std::string thinking;  // How hard the model thinks, for this run alone; empty: the session's.
  providers::Sampling sampling;
  std::int64_t timeout_ms = -1;  // -1: the configured time; 0: none.
  std::string client_id;         // Who sent it, as it is shown beside the message.
  std::string client_mode;
  std::string subject;  // Who that was, as far as it was proven; empty: nobody asks for it.
  bool sender_is_owner = false;
  bool isolated = false;                  // The model is not told what was said in the session before.
  bool told_at_end = false;               // Nobody is told that it was accepted: its answer alone acknowledges it.
  bool has_own_session = false;           // Its session was made for it, under a name that nobody knows before.
  std::shared_ptr<RunObserver> observer;  // Told beside the worker's own observers; may be null.

  // It leaves nothing to come back to: who asked for it has its answer, and nobody has its session.
  bool is_one_off() const { return told_at_end && has_own_session; }
  // What the acceptance waits for: a loss of power may take along what nobody was told of.
  state::Durability acceptance_lasts() const {
    return told_at_end ? state::Durability::logged : state::Durability::synced;
  }
  state::Durability end_lasts() const { return is_one_off() ? state::Durability::logged : state::Durability::synced; }

  // What is needed to run it again after a restart: all but the observer and the images, which are only counted. Error
  // of reading: invalid_request, a key that is none, or there were images.
  std::string to_json() const;
  static Result<RunRequest> from_json(std::string_view text);
};

enum class RunStatus { done, failed, aborted, timed_out, interrupted };

std::string_view stored_name(RunStatus status);  // In the store: done, failed, aborted, timed_out, interrupted.
std::string_view wire_status(RunStatus status);  // In answers: ok, error, timeout.

struct RunOutcome {
  std::string run_id;
  std::string session_key;
  std::string session_id;
  std::string agent_id;
  RunStatus status = RunStatus::failed;
  std::string text;                             // Whole, or what there was of it.
  std::vector<providers::ToolCall> tool_calls;  // Of the client's tools; what came of them is a message of its own.
  std::string stop_reason;  // stop, length, tool_calls; rpc, timeout, restart, disconnect for a run that was stopped.
  std::optional<Error> error;  // When failed or interrupted.
  providers::Usage usage;
  std::string provider;  // Empty: it never reached a model.
  std::string model;
  std::string response_model;
  std::int64_t accepted_ms = 0;
  std::int64_t started_ms = 0;  // 0: it never started.
  std::int64_t ended_ms = 0;

  bool ok() const { return status == RunStatus::done; }
  std::string to_json() const;  // The stored form.
  static Result<RunOutcome> from_json(std::string_view text);
};

using SharedOutcome = std::shared_ptr<const RunOutcome>;

struct Run {
  RunRequest request;
  std::string session_id;
  std::int64_t number = 0;  // In the order of acceptance.
  std::int64_t accepted_ms = 0;
  std::int64_t started_ms = 0;   // 0: still waiting for its lane.
  std::int64_t event_seq = 0;    // Last number given to an event of this run.
  std::string text;              // So far.
  std::string session_model;     // What the session asks for, as its row said when the turn began; empty: nothing.
  std::string session_thinking;  // The same.
  std::string provider;
  std::string model;
  std::string api;
  bool prepares = false;   // That it does was told.
  bool is_hidden = false;  // A one-off that is not in the store: nobody is told of it but who asked for it.
  std::optional<state::EntryRow> question;  // Of a one-off: the message as it is stored, once that is made.
  bool gives_way = false;  // It has its session's lane, and an earlier run of the session has come in behind it.
  std::string item_id;     // Names the answer in `assistant` events.
  std::stop_source stop;
  std::string stop_reason;     // Why `stop` was requested.
  SharedOutcome end;           // Null while it is under way.
  std::int64_t elsewhere = 0;  // Generation of the worker that has it, when this is its image; 0: it is ours.

  std::int64_t next_event_seq() { return ++event_seq; }
};

// Every call is on the loop's thread and must not end the run from within.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void preparing(Run& run, std::string_view phase) { (void)run, (void)phase; }
  virtual void started(Run& run) { (void)run; }
  virtual void model_called(Run& run) { (void)run; }
  virtual void text_added(Run& run, std::string_view piece) { (void)run, (void)piece; }
  virtual void stored(Run& run, const state::EntryRow& entry) { (void)run, (void)entry; }
  virtual void ended(Run& run, const RunOutcome& outcome) { (void)run, (void)outcome; }
};

}  // namespace omenia::agents
