// usage.status, usage.cost, sessions.usage, sessions.usage.timeseries, sessions.usage.logs: what runs have used.

#include <map>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/agents/run.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_texts.h"
#include "worker/rpc/methods/usage_period.h"
#include "worker/rpc/methods/usage_sums.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t sessions_default = 100;
constexpr std::int64_t logs_default = 200;

using Rows = std::vector<state::UsageRow>;

Pending<Result<Rows>> read_usage(const worker::Context& context, const UsagePeriod& period, std::string agent_id,
                                 std::string session_key) {
  const state::UsageFilter filter{period.since_ms, period.until_ms, period.zone_offset_ms, std::move(agent_id),
                                  std::move(session_key)};
  return context.store->read<Rows>([filter](state::Tables& tables) { return tables.usage.by_day(filter); });
}

// Sums by whatever a row is put under.
template <typename Name>
std::map<std::string, UsageSums> sums_by(const Rows& rows, Name name) {
  std::map<std::string, UsageSums> sums;
  for (const state::UsageRow& row : rows) sums[name(row)].add(row);
  return sums;
}

UsageSums totals_of(const Rows& rows) {
  UsageSums totals;
  for (const state::UsageRow& row : rows) totals.add(row);
  return totals;
}

void write_cache_status(JsonWriter& writer) {
  writer.key("cacheStatus").begin_object().member("status", "fresh").member("cachedFiles", 0);
  writer.member("pendingFiles", 0).member("staleFiles", 0).member("refreshedAt", wall_ms()).end_object();
}

void write_named(JsonWriter& writer, std::string_view list, std::string_view name, const Rows& rows,
                 std::string state::UsageRow::*member) {
  writer.key(list).begin_array();
  for (const auto& [value, sums] : sums_by(rows, [member](const state::UsageRow& row) { return row.*member; })) {
    if (value.empty()) continue;
    writer.begin_object().member(name, value).member("count", sums.runs).key("totals");
    sums.write(writer);
    writer.end_object();
  }
  writer.end_array();
}

void write_models(JsonWriter& writer, const Rows& rows) {
  writer.key("byModel").begin_array();
  for (const auto& [name, sums] :
       sums_by(rows, [](const state::UsageRow& row) { return row.provider + "/" + row.model; })) {
    if (name == "/") continue;
    const auto slash = name.find('/');
    writer.begin_object().member("provider", name.substr(0, slash)).member("model", name.substr(slash + 1));
    writer.member("count", sums.runs).key("totals");
    sums.write(writer);
    writer.end_object();
  }
  writer.end_array();
}

void write_days(JsonWriter& writer, const Rows& rows) {
  const auto days = sums_by(rows, [](const state::UsageRow& row) { return row.date; });
  writer.key("costDaily").begin_array();
  for (const auto& [date, sums] : days) {
    sums.write_members(writer.begin_object().member("date", date));
    writer.end_object();
  }
  writer.end_array().key("daily").begin_array();
  for (const auto& [date, sums] : days) {
    writer.begin_object().member("date", date).member("tokens", sums.total).member("cost", 0);
    writer.member("messages", 2 * sums.runs).member("toolCalls", 0).member("errors", sums.failed).end_object();
  }
  writer.end_array();
}

void write_aggregates(JsonWriter& writer, const Rows& rows, std::size_t sessions) {
  const UsageSums totals = totals_of(rows);
  LatencySums latency;
  for (const state::UsageRow& row : rows) latency.add(row);
  writer.key("aggregates").begin_object().member("sessionCount", sessions);
  writer.key("messages").begin_object().member("total", 2 * totals.runs).member("user", totals.runs);
  writer.member("assistant", totals.runs).member("toolCalls", 0).member("toolResults", 0);
  writer.member("errors", totals.failed).end_object();
  writer.key("tools").begin_object().member("totalCalls", 0).member("uniqueTools", 0);
  writer.key("tools").begin_array().end_array().end_object();
  write_models(writer, rows);
  write_named(writer, "byProvider", "provider", rows, &state::UsageRow::provider);
  write_named(writer, "byAgent", "agentId", rows, &state::UsageRow::agent_id);
  for (const char* none : {"byChannel", "byCreator"}) writer.key(none).begin_array().end_array();
  write_days(writer, rows);
  latency.write_members(writer.key("latency").begin_object());
  writer.end_object().end_object();
}

void write_session(JsonWriter& writer, const std::string& key, const Rows& rows) {
  UsageSums sums;
  std::int64_t first_ms = rows.front().first_ms;
  std::int64_t last_ms = 0;
  for (const state::UsageRow& row : rows) {
    sums.add(row);
    first_ms = std::min(first_ms, row.first_ms);
    last_ms = std::max(last_ms, row.last_ms);
  }
  const state::UsageRow& newest = rows.back();
  writer.begin_object().member("key", key).member("sessionId", newest.session_id).member("scope", "session");
  writer.member("agentId", newest.agent_id).member("updatedAt", last_ms).key("usage");
  sums.write_members(writer.begin_object().member("sessionId", newest.session_id));
  writer.member("firstActivity", first_ms).member("lastActivity", last_ms).member("durationMs", last_ms - first_ms);
  writer.key("messageCounts").begin_object().member("total", 2 * sums.runs).member("user", sums.runs);
  writer.member("assistant", sums.runs).member("errors", sums.failed).end_object().end_object();
  writer.member("hasContextWeight", false).member("chatType", "direct");
  if (!newest.model.empty()) writer.member("modelProvider", newest.provider).member("model", newest.model);
  writer.end_object();
}

Result<std::string> optional_key(const Call& call) {
  if (!call.params["key"]) return std::string();
  TRY_ASSIGN(const sessions::SessionKey key, named_session(call, "key"));
  return key.text;
}

// The runs of a session that have ended, oldest first.
using RunRows = std::vector<state::RunRow>;
Pending<Result<RunRows>> read_runs(const worker::Context& context, const std::string& key) {
  state::RunFilter filter;
  filter.session_key = key;
  filter.statuses = "|done|failed|aborted|timed_out|interrupted|";
  return context.store->read<RunRows>(
      [filter](state::Tables& tables) { return tables.runs.page(filter, limits::store_rows_max); });
}

}  // namespace

// Quotas are something that none of the spoken dialects tells.
AnswerTask usage_status(CallPointer) {
  JsonWriter writer;
  writer.begin_object().member("updatedAt", wall_ms()).key("providers").begin_array().end_array();
  co_return Answer{writer.end_object().take()};
}

AnswerTask usage_cost(CallPointer call) {
  CO_TRY_ASSIGN(const UsagePeriod period, UsagePeriod::read(call->params, wall_ms()));
  TRY_AWAIT(const Rows rows, read_usage(call->context, period, std::string(call->params["agentId"].text()), {}));
  auto days = sums_by(rows, [](const state::UsageRow& row) { return row.date; });
  JsonWriter writer(16 * limits::KiB);
  writer.begin_object().member("updatedAt", wall_ms()).member("days", period.days).key("daily").begin_array();
  for (const std::string& date : period.dates()) {
    days[date].write_members(writer.begin_object().member("date", date));
    writer.end_object();
  }
  writer.end_array().key("totals");
  totals_of(rows).write(writer);
  write_cache_status(writer);
  co_return Answer{writer.end_object().take()};
}

AnswerTask sessions_usage(CallPointer call) {
  CO_TRY_ASSIGN(const UsagePeriod period, UsagePeriod::read(call->params, wall_ms()));
  CO_TRY_ASSIGN(const std::string key, optional_key(*call));
  TRY_AWAIT(const Rows rows, read_usage(call->context, period, std::string(call->params["agentId"].text()), key));
  std::map<std::string, Rows> by_session;
  for (const state::UsageRow& row : rows) by_session[row.session_key].push_back(row);
  std::int64_t left = call->params["limit"].integer(sessions_default);
  JsonWriter writer(16 * limits::KiB);
  writer.begin_object().member("updatedAt", wall_ms()).member("startDate", period.start_date);
  writer.member("endDate", period.end_date).key("sessions").begin_array();
  for (const auto& [session, its_rows] : by_session)
    if (left-- > 0) write_session(writer, session, its_rows);
  writer.end_array().key("totals");
  totals_of(rows).write(writer);
  write_aggregates(writer, rows, by_session.size());
  writer.key("creatorOptions").begin_array().end_array();
  write_cache_status(writer);
  co_return Answer{writer.end_object().take()};
}

AnswerTask usage_timeseries(CallPointer call) {
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call, "key"));
  TRY_AWAIT(const RunRows rows, read_runs(call->context, key.text));
  JsonWriter writer(1024);
  writer.begin_object().member("sessionId", rows.empty() ? std::string() : rows.front().session_id);
  writer.key("points").begin_array();
  std::int64_t tokens = 0;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    const auto outcome = agents::RunOutcome::from_json(row->result);
    if (!outcome.ok()) continue;
    const providers::Usage& usage = outcome.value().usage;
    tokens += usage.total;
    writer.begin_object().member("timestamp", row->ended_ms).member("input", usage.input);
    writer.member("output", usage.output).member("cacheRead", usage.cache_read);
    writer.member("cacheWrite", usage.cache_write).member("totalTokens", usage.total).member("cost", 0);
    writer.member("cumulativeTokens", tokens).member("cumulativeCost", 0).end_object();
  }
  co_return Answer{writer.end_array().end_object().take()};
}

AnswerTask usage_logs(CallPointer call) {
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call, "key"));
  const std::int64_t limit = call->params["limit"].integer(logs_default);
  using Entries = std::vector<state::EntryRow>;
  TRY_AWAIT(const Entries entries,
            call->context.store->read<Entries>([key = key.text, limit](state::Tables& tables) -> Result<Entries> {
              TRY_ASSIGN(const auto row, tables.sessions.find(key));
              if (!row) return Entries();
              return tables.entries.window(row->session_id, 0, limit);
            }));
  JsonWriter writer(1024);
  writer.begin_object().key("logs").begin_array();
  for (const state::EntryRow& entry : entries) {
    writer.begin_object().member("timestamp", entry.created_ms).member("role", entry.role);
    writer.member("content", shortened(text_in(entry), limits::preview_chars));
    if (const auto body = Json::parse(entry.body); body.ok() && body.value()["usage"])
      writer.member("tokens", body.value()["usage"]["totalTokens"].integer()).member("cost", 0);
    writer.end_object();
  }
  co_return Answer{writer.end_array().end_object().take()};
}

}  // namespace omenia::rpc::methods
