#include "worker/agents/run_units.h"

#include "worker/agents/prompt.h"
#include "worker/agents/transcript.h"

namespace omenia::agents {

namespace {

state::SessionRow session_after(const RunOutcome& outcome) {
  state::SessionRow session;
  session.key = outcome.session_key;
  session.updated_ms = outcome.ended_ms;
  session.input_tokens = outcome.usage.input + outcome.usage.cache_read;
  session.output_tokens = outcome.usage.output;
  session.context_tokens = session.input_tokens;
  session.last_run_id = outcome.run_id;
  session.last_run_status = stored_name(outcome.status);
  session.last_run_started_ms = outcome.started_ms;
  session.last_run_ended_ms = outcome.ended_ms;
  session.last_provider = outcome.provider;
  session.last_model = outcome.model;
  return session;
}

state::RunRow row_of(const Run& run, std::int64_t generation) {
  const RunRequest& request = run.request;
  state::RunRow row;
  row.run_id = request.run_id;
  row.session_key = request.session.text;
  row.agent_id = request.session.agent_id;
  row.origin = request.origin;
  row.request = request.to_json();
  row.generation = generation;
  row.accepted_ms = run.accepted_ms;
  return row;
}

}  // namespace

Result<Accepted> accept_run(state::Tables& tables, const Run& run, std::int64_t generation) {
  const RunRequest& request = run.request;
  const std::int64_t now_ms = run.accepted_ms;
  Accepted accepted;
  TRY_ASSIGN(accepted.earlier, tables.runs.find(request.run_id));
  if (accepted.earlier) return accepted;
  TRY_ASSIGN(accepted.session,
             tables.sessions.get_or_create(request.session.text, request.session.agent_id, now_ms, run.session_id));
  state::RunRow row = row_of(run, generation);
  row.session_id = accepted.session.session_id;
  row.status = "accepted";
  TRY_ASSIGN(accepted.number, tables.runs.accept(row));
  TRY(tables.sessions.touch(request.session.text, now_ms, true));
  return accepted;
}

Result<Accepted> accept_and_open(state::Tables& tables, const Run& run, std::int64_t generation,
                                 state::EntryRow message, const TurnKind& kind) {
  TRY_ASSIGN(Accepted accepted, accept_run(tables, run, generation));
  if (accepted.earlier) return accepted;
  message.session_id = accepted.session.session_id;
  TRY_ASSIGN(accepted.turn, open_turn(tables, message, kind));
  return accepted;
}

Result<OpenedTurn> open_turn(state::Tables& tables, const state::EntryRow& message, const TurnKind& kind) {
  const std::string& session_key = kind.session_key;
  OpenedTurn turn;
  TRY_ASSIGN(turn.run_ahead, tables.runs.ahead_elsewhere(message.run_id));
  if (!turn.run_ahead.empty()) return turn;
  TRY_ASSIGN(turn.events, tables.system_events.take(session_key, message.run_id));
  turn.has_no_subject = kind.only_for_events && turn.events.empty();
  if (turn.has_no_subject) return turn;
  TRY(tables.runs.start(message.run_id, message.created_ms));
  TRY_ASSIGN(const auto before, tables.entries.prompt_window(message.session_id, limits::history_window_messages));
  TRY_ASSIGN(turn.entry, tables.entries.append(message));
  TRY_ASSIGN(const auto session, tables.sessions.find(session_key));
  if (session) {
    turn.model = session->model_override;
    turn.thinking_level = session->thinking_level;
  }
  turn.history = prompt_messages(before);
  return turn;
}

state::TurnRow turn_of(const Run& run, const RunOutcome& outcome, const state::EntryRow& question,
                       std::int64_t generation) {
  state::TurnRow turn;
  turn.session = session_after(outcome);
  turn.session.session_id = run.session_id;
  turn.session.agent_id = run.request.session.agent_id;
  turn.run = row_of(run, generation);
  turn.run.status = stored_name(outcome.status);
  turn.run.result = outcome.to_json();
  turn.run.started_ms = outcome.started_ms;
  turn.run.ended_ms = outcome.ended_ms;
  turn.question = question;
  turn.answer = assistant_entry(run, outcome);
  state::complete(turn);
  return turn;
}

Result<std::optional<state::EntryRow>> end_run(state::Tables& tables, const RunOutcome& outcome,
                                               const state::EntryRow& answer) {
  TRY_ASSIGN(const bool first_end, tables.runs.finish(outcome.run_id, std::string(stored_name(outcome.status)),
                                                      outcome.to_json(), outcome.ended_ms));
  std::optional<state::EntryRow> appended;
  if (!first_end) return appended;
  if (outcome.started_ms > 0) {
    TRY_ASSIGN(appended, tables.entries.append(answer));
    TRY(outcome.ok() ? tables.system_events.forget_taken(outcome.run_id)
                     : tables.system_events.put_back(outcome.run_id));
  }
  TRY(tables.sessions.record_run_end(session_after(outcome)));
  return appended;
}

}  // namespace omenia::agents
