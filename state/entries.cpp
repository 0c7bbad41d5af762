#include "state/entries.h"

#include <algorithm>
#include <limits>

#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "state/database.h"

namespace omenia::state {

namespace {

EntryRow entry_in(const Statement& row) {
  return EntryRow{.session_id = row.text(0),
                  .seq = row.integer(1),
                  .id = row.text(2),
                  .kind = row.text(3),
                  .role = row.text(4),
                  .run_id = row.text(5),
                  .created_ms = row.integer(6),
                  .body = row.text(7)};
}

}  // namespace

Result<EntryRow> Entries::append(EntryRow row) {
  TRY_ASSIGN(row.seq, database_.number("UPDATE sessions SET next_seq = next_seq + 1, updated_ms = max(updated_ms, ?2)"
                                       " WHERE session_id = ?1 RETURNING next_seq - 1",
                                       row.session_id, row.created_ms));
  if (row.seq == 0) return fail(ErrorCode::not_found, "There is no session with the id \"" + row.session_id + "\".");
  if (row.id.empty()) row.id = random_uuid();
  TRY(add(row));
  return row;
}

Result<void> Entries::add(const EntryRow& row) {
  TRY(
      database_.run("INSERT INTO entries (session_id, seq, id, kind, role, run_id, created_ms, body)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    row.session_id, row.seq, row.id, row.kind, row.role, row.run_id, row.created_ms, row.body));
  return {};
}

Result<std::vector<EntryRow>> Entries::window(const std::string& session_id, std::int64_t before_seq,
                                              std::int64_t limit, std::size_t bytes_max) {
  const std::int64_t end = before_seq > 0 ? before_seq : std::numeric_limits<std::int64_t>::max();
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT session_id, seq, id, kind, role, run_id, created_ms, body"
                               " FROM entries WHERE session_id = ?1 AND seq < ?2"
                               " ORDER BY seq DESC LIMIT ?3",
                               session_id, end, std::clamp<std::int64_t>(limit, 0, limits::store_rows_max)));
  std::vector<EntryRow> window;
  std::size_t bytes = 0;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) break;
    EntryRow entry = entry_in(row);
    bytes += entry.body.size();
    if (bytes > bytes_max && !window.empty()) break;
    window.push_back(std::move(entry));
  }
  std::reverse(window.begin(), window.end());
  return window;
}

Result<std::vector<EntryRow>> Entries::prompt_window(const std::string& session_id, std::int64_t limit) {
  TRY_ASSIGN(std::vector<EntryRow> entries, window(session_id, 0, limit));
  if (entries.empty()) return entries;
  TRY_ASSIGN(Statement row, database_.prepare("SELECT session_id, seq, id, kind, role, run_id, created_ms, body"
                                              " FROM entries WHERE session_id = ?1 AND kind = 'compaction'"
                                              " ORDER BY seq DESC LIMIT 1",
                                              session_id));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return entries;
  EntryRow compaction = entry_in(row);
  if (compaction.seq < entries.front().seq) entries.insert(entries.begin(), std::move(compaction));
  return entries;
}

Result<std::int64_t> Entries::count(const std::string& session_id) {
  return database_.number("SELECT count(*) FROM entries WHERE session_id = ?1", session_id);
}

Result<std::optional<EntryRow>> Entries::find(const std::string& session_id, const std::string& id) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT session_id, seq, id, kind, role, run_id, created_ms, body"
                                              " FROM entries WHERE session_id = ?1 AND id = ?2",
                                              session_id, id));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<EntryRow>();
  return std::optional(entry_in(row));
}

Result<std::optional<EntryRow>> Entries::first_of(const std::string& session_id, const std::string& role) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT session_id, seq, id, kind, role, run_id, created_ms, body"
                                              " FROM entries WHERE session_id = ?1 AND role = ?2 ORDER BY seq LIMIT 1",
                                              session_id, role));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<EntryRow>();
  return std::optional(entry_in(row));
}

Result<std::int64_t> Entries::copy(const std::string& session_id, const std::string& to_session_id,
                                   std::int64_t end_seq) {
  TRY_ASSIGN(const std::int64_t copied,
             database_.run("INSERT INTO entries (session_id, seq, id, kind, role, run_id, created_ms, body)"
                           " SELECT ?2, seq, id, kind, role, run_id, created_ms, body FROM entries"
                           " WHERE session_id = ?1 AND seq < ?3",
                           session_id, to_session_id, end_seq));
  TRY(database_.run("UPDATE sessions SET next_seq = ?2 WHERE session_id = ?1", to_session_id, copied + 1));
  return copied;
}

Result<std::vector<OrphanRow>> Entries::orphans(std::int64_t before_ms, std::int64_t limit) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT session_id, sum(length(body)) FROM entries AS e WHERE NOT EXISTS"
                                              " (SELECT 1 FROM sessions AS s WHERE s.session_id = e.session_id)"
                                              " GROUP BY session_id HAVING max(created_ms) < ?1"
                                              " ORDER BY max(created_ms) LIMIT ?2",
                                              before_ms, limit));
  std::vector<OrphanRow> orphans;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return orphans;
    orphans.push_back({row.text(0), row.integer(1)});
  }
}

Result<std::int64_t> Entries::remove_all(const std::string& session_id) {
  return database_.run("DELETE FROM entries WHERE session_id = ?1", session_id);
}

}  // namespace omenia::state
