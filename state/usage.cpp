#include "state/usage.h"

#include "shared/base/limits.h"
#include "state/database.h"

namespace omenia::state {

Result<std::vector<UsageRow>> Usage::by_day(const UsageFilter& filter) {
  TRY_ASSIGN(
      Statement row,
      database_.prepare("SELECT date((ended_ms + ?3) / 1000, 'unixepoch') AS day, session_key, session_id, agent_id,"
                        " coalesce(result ->> '$.provider', ''), coalesce(result ->> '$.model', ''),"
                        " count(*), sum(status <> 'done'),"
                        " sum(coalesce(result ->> '$.usage.input', 0)), sum(coalesce(result ->> '$.usage.output', 0)),"
                        " sum(coalesce(result ->> '$.usage.cacheRead', 0)),"
                        " sum(coalesce(result ->> '$.usage.cacheWrite', 0)),"
                        " sum(coalesce(result ->> '$.usage.total', 0)),"
                        " min(iif(started_ms > 0, started_ms, accepted_ms)), max(ended_ms),"
                        " sum(iif(started_ms > 0, ended_ms - started_ms, 0)),"
                        " min(iif(started_ms > 0, ended_ms - started_ms, 0)),"
                        " max(iif(started_ms > 0, ended_ms - started_ms, 0))"
                        " FROM runs WHERE ended_ms > 0 AND ended_ms >= ?1 AND ended_ms < ?2 AND json_valid(result)"
                        " AND (?4 = '' OR agent_id = ?4) AND (?5 = '' OR session_key = ?5)"
                        " GROUP BY day, session_key, session_id, agent_id, 5, 6 ORDER BY day, max(number) LIMIT ?6",
                        filter.since_ms, filter.until_ms, filter.zone_offset_ms, filter.agent_id, filter.session_key,
                        std::int64_t{limits::usage_rows_max}));
  std::vector<UsageRow> rows;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return rows;
    UsageRow& added = rows.emplace_back();
    std::string* const texts[] = {&added.date,     &added.session_key, &added.session_id,
                                  &added.agent_id, &added.provider,    &added.model};
    std::int64_t* const numbers[] = {&added.runs,       &added.failed,      &added.input,       &added.output,
                                     &added.cache_read, &added.cache_write, &added.total,       &added.first_ms,
                                     &added.last_ms,    &added.running_ms,  &added.shortest_ms, &added.longest_ms};
    int column = 0;
    for (std::string* text : texts) *text = row.text(column++);
    for (std::int64_t* number : numbers) *number = row.integer(column++);
  }
}

}  // namespace omenia::state
