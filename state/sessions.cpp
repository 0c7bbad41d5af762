#include "state/sessions.h"

#include <algorithm>

#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "state/database.h"

namespace omenia::state {

namespace {

// The columns in the order of the fields. A macro, because a statement's text is put together when compiling.
#define SESSION_COLUMNS                                                                                    \
  "key, session_id, agent_id, label, created_ms, updated_ms, last_interaction_ms, next_seq, input_tokens," \
  " output_tokens, context_tokens, last_run_id, last_run_status, last_run_started_ms, last_run_ended_ms,"  \
  " last_provider, last_model"

SessionRow session_in(const Statement& row) {
  return SessionRow{.key = row.text(0),
                    .session_id = row.text(1),
                    .agent_id = row.text(2),
                    .label = row.text(3),
                    .created_ms = row.integer(4),
                    .updated_ms = row.integer(5),
                    .last_interaction_ms = row.integer(6),
                    .next_seq = row.integer(7),
                    .input_tokens = row.integer(8),
                    .output_tokens = row.integer(9),
                    .context_tokens = row.integer(10),
                    .last_run_id = row.text(11),
                    .last_run_status = row.text(12),
                    .last_run_started_ms = row.integer(13),
                    .last_run_ended_ms = row.integer(14),
                    .last_provider = row.text(15),
                    .last_model = row.text(16)};
}

Error no_session(const std::string& key) {
  return fail(ErrorCode::not_found, "There is no session \"" + key + "\".");
}

}  // namespace

Result<SessionRow> Sessions::get_or_create(const std::string& key, const std::string& agent_id, std::int64_t now_ms) {
  TRY_ASSIGN(auto existing, find(key));
  if (existing) return std::move(*existing);
  SessionRow row;
  row.key = key;
  row.session_id = random_uuid();
  row.agent_id = agent_id;
  row.created_ms = row.updated_ms = now_ms;
  TRY(
      database_.run("INSERT INTO sessions (key, session_id, agent_id, created_ms, updated_ms)"
                    " VALUES (?1, ?2, ?3, ?4, ?4)",
                    row.key, row.session_id, row.agent_id, row.created_ms));
  return row;
}

Result<std::optional<SessionRow>> Sessions::find(const std::string& key) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT " SESSION_COLUMNS " FROM sessions WHERE key = ?1", key));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<SessionRow>();
  return std::optional(session_in(row));
}

Result<SessionPage> Sessions::list(const std::string& agent_id, std::int64_t updated_since_ms, std::int64_t limit,
                                   std::int64_t offset) {
  SessionPage page;
  TRY_ASSIGN(page.total, database_.number("SELECT count(*) FROM sessions"
                                          " WHERE updated_ms >= ?1 AND (?2 = '' OR agent_id = ?2)",
                                          updated_since_ms, agent_id));
  TRY_ASSIGN(Statement row, database_.prepare("SELECT " SESSION_COLUMNS " FROM sessions"
                                              " WHERE updated_ms >= ?1 AND (?2 = '' OR agent_id = ?2)"
                                              " ORDER BY updated_ms DESC, agent_id DESC, number DESC"
                                              " LIMIT ?3 OFFSET ?4",
                                              updated_since_ms, agent_id,
                                              std::clamp<std::int64_t>(limit, 0, limits::store_rows_max), offset));
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return page;
    page.rows.push_back(session_in(row));
  }
}

Result<std::int64_t> Sessions::count(const std::string& agent_id) {
  return database_.number("SELECT count(*) FROM sessions WHERE ?1 = '' OR agent_id = ?1", agent_id);
}

Result<void> Sessions::touch(const std::string& key, std::int64_t now_ms, bool interaction) {
  TRY_ASSIGN(const std::int64_t touched,
             database_.run("UPDATE sessions SET updated_ms = max(updated_ms, ?2),"
                           " last_interaction_ms = max(last_interaction_ms, ?3) WHERE key = ?1",
                           key, now_ms, interaction ? now_ms : 0));
  if (touched == 0) return no_session(key);
  return {};
}

Result<void> Sessions::record_run_end(const SessionRow& row) {
  TRY_ASSIGN(const std::int64_t recorded,
             database_.run("UPDATE sessions SET updated_ms = max(updated_ms, ?2, ?3),"
                           " input_tokens = input_tokens + ?4, output_tokens = output_tokens + ?5,"
                           " context_tokens = iif(?6 > 0, ?6, context_tokens),"
                           " last_run_id = ?7, last_run_status = ?8, last_run_started_ms = ?9, last_run_ended_ms = ?3,"
                           " last_provider = ?10, last_model = ?11 WHERE key = ?1",
                           row.key, row.updated_ms, row.last_run_ended_ms, row.input_tokens, row.output_tokens,
                           row.context_tokens, row.last_run_id, row.last_run_status, row.last_run_started_ms,
                           row.last_provider, row.last_model));
  if (recorded == 0) return no_session(row.key);
  return {};
}

}  // namespace omenia::state
