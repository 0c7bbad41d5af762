#include "state/runs.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "shared/base/ensure.h"
#include "shared/base/limits.h"
#include "state/database.h"

namespace omenia::state {

namespace {

// The columns in the order of the fields. A macro, because a statement's text is put together when compiling.
#define RUN_COLUMNS                                                                                      \
  "run_id, session_key, session_id, agent_id, origin, status, request, result, generation, accepted_ms," \
  " started_ms, ended_ms, number"

bool is_terminal(std::string_view status) {
  return status == "done" || status == "failed" || status == "aborted" || status == "timed_out" ||
         status == "interrupted";
}

RunRow run_in(const Statement& row) {
  return RunRow{.run_id = row.text(0),
                .session_key = row.text(1),
                .session_id = row.text(2),
                .agent_id = row.text(3),
                .origin = row.text(4),
                .status = row.text(5),
                .request = row.text(6),
                .result = row.text(7),
                .generation = row.integer(8),
                .accepted_ms = row.integer(9),
                .started_ms = row.integer(10),
                .ended_ms = row.integer(11),
                .number = row.integer(12)};
}

// Where a run that should be there stands. Error not_found.
Result<std::string> status_of(Database& database, const std::string& run_id) {
  TRY_ASSIGN(Statement row, database.prepare("SELECT status FROM runs WHERE run_id = ?1", run_id));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return fail(ErrorCode::not_found, "There is no run with the id \"" + run_id + "\".");
  return row.text(0);
}

}  // namespace

Result<std::int64_t> Runs::accept(const RunRow& row) {
  TRY_ASSIGN(Statement added,
             database_.prepare("INSERT INTO runs (run_id, session_key, session_id, agent_id, origin, status, request,"
                               " result, generation, accepted_ms, started_ms, ended_ms)"
                               " VALUES (?1, ?2, ?3, ?4, ?5, 'accepted', ?6, '', ?7, ?8, 0, 0)"
                               " ON CONFLICT (run_id) DO NOTHING RETURNING number",
                               row.run_id, row.session_key, row.session_id, row.agent_id, row.origin, row.request,
                               row.generation, row.accepted_ms));
  TRY_ASSIGN(const bool is_new, added.step());
  if (!is_new) return fail(ErrorCode::invalid_request, "There is already a run with the id \"" + row.run_id + "\".");
  return added.integer(0);
}

Result<void> Runs::add(const RunRow& row) {
  TRY(
      database_.run("INSERT INTO runs (run_id, session_key, session_id, agent_id, origin, status, request, result,"
                    " generation, accepted_ms, started_ms, ended_ms)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                    row.run_id, row.session_key, row.session_id, row.agent_id, row.origin, row.status, row.request,
                    row.result, row.generation, row.accepted_ms, row.started_ms, row.ended_ms));
  return {};
}

Result<std::optional<RunRow>> Runs::find(const std::string& run_id) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT " RUN_COLUMNS " FROM runs WHERE run_id = ?1", run_id));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<RunRow>();
  return std::optional(run_in(row));
}

Result<void> Runs::start(const std::string& run_id, std::int64_t now_ms) {
  TRY_ASSIGN(const std::int64_t started, database_.run("UPDATE runs SET status = 'running', started_ms = ?2"
                                                       " WHERE run_id = ?1 AND status = 'accepted'",
                                                       run_id, now_ms));
  if (started == 1) return {};
  TRY_ASSIGN(const std::string status, status_of(database_, run_id));
  return fail(ErrorCode::invalid_request, "The run \"" + run_id + "\" cannot start: it is " + status + ".");
}

Result<void> Runs::adopt(const std::string& run_id, std::int64_t generation) {
  TRY_ASSIGN(
      const std::int64_t adopted,
      database_.run("UPDATE runs SET generation = ?2 WHERE run_id = ?1 AND status = 'accepted'", run_id, generation));
  if (adopted == 1) return {};
  TRY_ASSIGN(const std::string status, status_of(database_, run_id));
  return fail(ErrorCode::invalid_request, "The run \"" + run_id + "\" cannot be taken over: it is " + status + ".");
}

Result<std::string> Runs::ahead_elsewhere(const std::string& run_id) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT other.run_id FROM runs AS mine JOIN runs AS other"
                               " ON other.session_key = mine.session_key AND other.generation <> mine.generation"
                               " AND other.number < mine.number"
                               " WHERE mine.run_id = ?1 AND other.status IN ('accepted', 'running')"
                               " ORDER BY other.number DESC LIMIT 1",
                               run_id));
  TRY_ASSIGN(const bool found, row.step());
  return found ? row.text(0) : std::string();
}

Result<bool> Runs::finish(const std::string& run_id, const std::string& status, const std::string& result,
                          std::int64_t now_ms) {
  ensure(is_terminal(status), "a run finishes with a terminal status");
  TRY_ASSIGN(const std::int64_t finished, database_.run("UPDATE runs SET status = ?2, result = ?3, ended_ms = ?4"
                                                        " WHERE run_id = ?1 AND status IN ('accepted', 'running')",
                                                        run_id, status, result, now_ms));
  if (finished == 1) return true;
  TRY(status_of(database_, run_id));
  return false;
}

Result<std::vector<RunRow>> Runs::unfinished_before(std::int64_t generation) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " RUN_COLUMNS " FROM runs INDEXED BY runs_in_lane"
                               " WHERE status IN ('accepted', 'running') AND generation < ?1 ORDER BY number",
                               generation));
  std::vector<RunRow> rows;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return rows;
    rows.push_back(run_in(row));
  }
}

Result<std::vector<RunRow>> Runs::page(const RunFilter& filter, std::int64_t limit) {
  const std::int64_t before =
      filter.before_number > 0 ? filter.before_number : std::numeric_limits<std::int64_t>::max();
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " RUN_COLUMNS " FROM runs WHERE number < ?1 AND (?2 = '' OR agent_id = ?2)"
                               " AND (?3 = '' OR session_key = ?3) AND (?4 = '' OR instr(?4, '|' || status || '|') > 0)"
                               " ORDER BY number DESC LIMIT ?5",
                               before, filter.agent_id, filter.session_key, filter.statuses,
                               std::clamp<std::int64_t>(limit, 0, limits::store_rows_max)));
  std::vector<RunRow> rows;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return rows;
    rows.push_back(run_in(row));
  }
}

Result<std::optional<RunRow>> Runs::last_ended_wake() {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT " RUN_COLUMNS " FROM runs WHERE origin = 'wake' AND ended_ms > 0"
                                              " ORDER BY number DESC LIMIT 1"));
  TRY_ASSIGN(const bool found, row.step());
  return found ? std::optional(run_in(row)) : std::nullopt;
}

Result<std::int64_t> Runs::unfinished_in(const std::string& session_key) {
  return database_.number("SELECT count(*) FROM runs WHERE session_key = ?1 AND status IN ('accepted', 'running')",
                          session_key);
}

}  // namespace omenia::state
