#include "state/system_events.h"

#include "shared/base/limits.h"
#include "state/database.h"

namespace omenia::state {

Result<bool> SystemEvents::queue(const SystemEventRow& row) {
  const std::int64_t wakes = row.wakes ? 1 : 0;
  TRY_ASSIGN(
      const std::int64_t coalesced,
      database_.run("UPDATE system_events SET wakes = max(wakes, ?4) WHERE source = ?2 AND text = ?3"
                    " AND number = (SELECT max(number) FROM system_events WHERE session_key = ?1 AND run_id = '')",
                    row.session_key, row.source, row.text, wakes));
  if (coalesced > 0) return false;
  TRY(
      database_.run("INSERT INTO system_events (session_key, source, text, wakes, created_ms)"
                    " VALUES (?1, ?2, ?3, ?4, ?5)",
                    row.session_key, row.source, row.text, wakes, row.created_ms));
  TRY(
      database_.run("DELETE FROM system_events WHERE number IN (SELECT number FROM system_events"
                    " WHERE session_key = ?1 AND run_id = '' ORDER BY number DESC LIMIT -1 OFFSET ?2)",
                    row.session_key, limits::system_events_max));
  return true;
}

Result<std::vector<SystemEventRow>> SystemEvents::take(const std::string& session_key, const std::string& run_id) {
  std::vector<SystemEventRow> taken;
  TRY_ASSIGN(const std::int64_t count,
             database_.run("UPDATE system_events SET run_id = ?2 WHERE session_key = ?1 AND run_id = ''", session_key,
                           run_id));
  if (count == 0) return taken;
  TRY_ASSIGN(Statement row, database_.prepare("SELECT session_key, source, text, wakes, created_ms FROM system_events"
                                              " WHERE run_id = ?1 ORDER BY number",
                                              run_id));
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return taken;
    taken.push_back({.session_key = row.text(0),
                     .source = row.text(1),
                     .text = row.text(2),
                     .wakes = row.integer(3) != 0,
                     .created_ms = row.integer(4)});
  }
}

Result<void> SystemEvents::forget_taken(const std::string& run_id) {
  TRY(database_.run("DELETE FROM system_events WHERE run_id = ?1 AND run_id <> ''", run_id));
  return {};
}

Result<void> SystemEvents::put_back(const std::string& run_id) {
  TRY(database_.run("UPDATE system_events SET run_id = '', wakes = 0 WHERE run_id = ?1 AND run_id <> ''", run_id));
  return {};
}

Result<std::int64_t> SystemEvents::discard(const std::string& session_key) {
  return database_.run("DELETE FROM system_events WHERE session_key = ?1", session_key);
}

Result<std::vector<std::string>> SystemEvents::sessions_to_wake() {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT session_key FROM system_events WHERE wakes = 1 AND run_id = ''"
                                              " GROUP BY session_key ORDER BY min(number)"));
  std::vector<std::string> keys;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return keys;
    keys.push_back(row.text(0));
  }
}

}  // namespace omenia::state
