#include "state/sessions.h"

#include <algorithm>

#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "state/database.h"
#include "state/session_conditions.h"

namespace omenia::state {

namespace {

// The columns in the order of the fields. A macro, because a statement's text is put together when compiling.
#define SESSION_COLUMNS                                                                                    \
  "key, session_id, agent_id, label, created_ms, updated_ms, last_interaction_ms, next_seq, input_tokens," \
  " output_tokens, context_tokens, last_run_id, last_run_status, last_run_started_ms, last_run_ended_ms,"  \
  " last_provider, last_model, started_ms, archived, pinned, unread, category, model_override, thinking_level, look"

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
                    .last_model = row.text(16),
                    .started_ms = row.integer(17),
                    .archived = row.integer(18) != 0,
                    .pinned = row.integer(19) != 0,
                    .unread = row.integer(20) != 0,
                    .category = row.text(21),
                    .model_override = row.text(22),
                    .thinking_level = row.text(23),
                    .look = row.text(24)};
}

Error no_session(const std::string& key) {
  return fail(ErrorCode::not_found, "There is no session \"" + key + "\".");
}

}  // namespace

Result<SessionRow> Sessions::get_or_create(const std::string& key, const std::string& agent_id, std::int64_t now_ms,
                                           const std::string& session_id) {
  TRY_ASSIGN(auto existing, find(key));
  if (existing) return std::move(*existing);
  SessionRow row;
  row.key = key;
  row.session_id = session_id.empty() ? ordered_uuid() : session_id;
  row.agent_id = agent_id;
  row.created_ms = row.updated_ms = row.started_ms = now_ms;
  TRY(
      database_.run("INSERT INTO sessions (key, session_id, agent_id, created_ms, updated_ms, started_ms)"
                    " VALUES (?1, ?2, ?3, ?4, ?4, ?4)",
                    row.key, row.session_id, row.agent_id, row.created_ms));
  return row;
}

Result<bool> Sessions::add(const SessionRow& row) {
  TRY_ASSIGN(
      const std::int64_t added,
      database_.run("INSERT INTO sessions (key, session_id, agent_id, created_ms, updated_ms, last_interaction_ms,"
                    " next_seq, input_tokens, output_tokens, context_tokens, last_run_id, last_run_status,"
                    " last_run_started_ms, last_run_ended_ms, last_provider, last_model, started_ms, unread)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"
                    " ON CONFLICT (key) DO NOTHING",
                    row.key, row.session_id, row.agent_id, row.created_ms, row.updated_ms, row.last_interaction_ms,
                    row.next_seq, row.input_tokens, row.output_tokens, row.context_tokens, row.last_run_id,
                    row.last_run_status, row.last_run_started_ms, row.last_run_ended_ms, row.last_provider,
                    row.last_model, row.started_ms, std::int64_t{row.unread}));
  return added > 0;
}

Result<std::optional<SessionRow>> Sessions::find(const std::string& key) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT " SESSION_COLUMNS " FROM sessions WHERE key = ?1", key));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<SessionRow>();
  return std::optional(session_in(row));
}

Result<std::optional<SessionRow>> Sessions::find_by_id(const std::string& session_id) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " SESSION_COLUMNS " FROM sessions WHERE session_id = ?1", session_id));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<SessionRow>();
  return std::optional(session_in(row));
}

Result<SessionPage> Sessions::list(const std::string& agent_id, std::int64_t updated_since_ms, std::int64_t limit,
                                   std::int64_t offset) {
  SessionFilter filter;
  filter.agent_id = agent_id;
  filter.updated_since_ms = updated_since_ms;
  return page(filter, limit, offset);
}

Result<SessionPage> Sessions::page(const SessionFilter& filter, std::int64_t limit, std::int64_t offset) {
  const std::int64_t archived = archived_wanted(filter);
  const auto pinned = static_cast<std::int64_t>(filter.pinned_only);
  SessionPage page;
  TRY_ASSIGN(page.total, database_.number("SELECT count(*)"
                                          " FROM sessions WHERE " SESSION_CONDITIONS,
                                          filter.updated_since_ms, filter.agent_id, archived, pinned, filter.label,
                                          filter.category, filter.search));
  const std::int64_t rows = std::clamp<std::int64_t>(limit, 0, limits::store_rows_max);
  const Sql by_update("SELECT " SESSION_COLUMNS " FROM sessions WHERE " SESSION_CONDITIONS
                      " ORDER BY updated_ms DESC, agent_id DESC, number DESC LIMIT ?8 OFFSET ?9");
  const Sql by_interaction("SELECT " SESSION_COLUMNS " FROM sessions WHERE " SESSION_CONDITIONS
                           " ORDER BY last_interaction_ms DESC, number DESC LIMIT ?8 OFFSET ?9");
  TRY_ASSIGN(Statement row, database_.prepare(filter.by_interaction ? by_interaction : by_update,
                                              filter.updated_since_ms, filter.agent_id, archived, pinned, filter.label,
                                              filter.category, filter.search, rows, offset));
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return page;
    page.rows.push_back(session_in(row));
  }
}

Result<std::vector<SessionRow>> Sessions::without_entries(const std::string& agent_id, std::int64_t before_ms,
                                                          std::int64_t limit) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " SESSION_COLUMNS
                               " FROM sessions WHERE updated_ms < ?1 AND (?2 = '' OR agent_id = ?2) AND NOT EXISTS"
                               " (SELECT 1 FROM entries WHERE entries.session_id = sessions.session_id)"
                               " ORDER BY updated_ms LIMIT ?3",
                               before_ms, agent_id, limit));
  std::vector<SessionRow> rows;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return rows;
    rows.push_back(session_in(row));
  }
}

Result<void> Sessions::write_settings(const SessionRow& row) {
  TRY_ASSIGN(
      const std::int64_t written,
      database_.run("UPDATE sessions SET updated_ms = max(updated_ms, ?2), label = ?3, archived = ?4, pinned = ?5,"
                    " unread = ?6, category = ?7, model_override = ?8, thinking_level = ?9, look = ?10"
                    " WHERE key = ?1",
                    row.key, row.updated_ms, row.label, std::int64_t{row.archived}, std::int64_t{row.pinned},
                    std::int64_t{row.unread}, row.category, row.model_override, row.thinking_level, row.look));
  if (written == 0) return no_session(row.key);
  return {};
}

Result<SessionRow> Sessions::restart(const std::string& key, std::int64_t now_ms) {
  TRY(
      database_.run("UPDATE sessions SET session_id = ?2, started_ms = ?3, updated_ms = max(updated_ms, ?3),"
                    " next_seq = 1, input_tokens = 0, output_tokens = 0, context_tokens = 0, last_run_id = '',"
                    " last_run_status = '', last_run_started_ms = 0, last_run_ended_ms = 0, last_provider = '',"
                    " last_model = '', unread = 0 WHERE key = ?1",
                    key, ordered_uuid(), now_ms));
  TRY_ASSIGN(auto row, find(key));
  if (!row) return no_session(key);
  return std::move(*row);
}

Result<bool> Sessions::remove(const std::string& key) {
  TRY_ASSIGN(const std::int64_t removed, database_.run("DELETE FROM sessions WHERE key = ?1", key));
  return removed > 0;
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
                           " last_provider = ?10, last_model = ?11, unread = 1 WHERE key = ?1",
                           row.key, row.updated_ms, row.last_run_ended_ms, row.input_tokens, row.output_tokens,
                           row.context_tokens, row.last_run_id, row.last_run_status, row.last_run_started_ms,
                           row.last_provider, row.last_model));
  if (recorded == 0) return no_session(row.key);
  return {};
}

}  // namespace omenia::state
