// tasks.list, tasks.get, tasks.cancel: the ledger of work. In this release every task is a run of an agent.

#include <algorithm>
#include <charconv>

#include "shared/json/writer.h"
#include "worker/agents/run.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_texts.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t tasks_default = 100;

struct StatusWord {
  std::string_view stored;
  std::string_view wire;
};
constexpr StatusWord status_words[] = {{"accepted", "queued"},    {"running", "running"},    {"done", "completed"},
                                       {"failed", "failed"},      {"interrupted", "failed"}, {"aborted", "cancelled"},
                                       {"timed_out", "timed_out"}};

std::string_view wire_status(std::string_view stored) {
  for (const StatusWord& word : status_words)
    if (word.stored == stored) return word.wire;
  return "failed";
}

// "|done|failed|" of the statuses a client wants; empty: all. Error for a word that is none.
Result<std::string> stored_statuses(JsonView wanted) {
  std::string stored;
  const auto add = [&stored](std::string_view wire) -> Result<void> {
    bool known = false;
    for (const StatusWord& word : status_words) {
      if (word.wire != wire) continue;
      known = true;
      stored.append(stored.empty() ? "|" : "").append(word.stored).append("|");
    }
    if (!known) return fail(ErrorCode::invalid_request, "unknown task status '" + std::string(wire) + "'");
    return {};
  };
  if (wanted.is_string()) TRY(add(wanted.text()));
  for (JsonView item = wanted.first(); item; item = item.next()) TRY(add(item.text()));
  return stored;
}

void write_end(JsonWriter& writer, const state::RunRow& row) {
  const auto outcome = agents::RunOutcome::from_json(row.result);
  if (!outcome.ok()) return;
  if (outcome.value().error) writer.member("error", outcome.value().error->message);
  if (!outcome.value().text.empty())
    writer.member("terminalSummary", shortened(outcome.value().text, limits::preview_chars));
}

void write_task(JsonWriter& writer, const state::RunRow& row) {
  writer.begin_object().member("id", row.run_id).member("taskId", row.run_id).member("runId", row.run_id);
  writer.member("kind", "agent_run").member("runtime", "cli").member("status", wire_status(row.status));
  if (const auto request = agents::RunRequest::from_json(row.request); request.ok())
    writer.member("title", shortened(request.value().message, limits::title_chars_max));
  writer.member("agentId", row.agent_id).member("sessionKey", row.session_key).member("hasTranscript", true);
  writer.member("childSessionKey", row.session_key).member("ownerKey", row.session_key).member("sourceId", row.run_id);
  writer.member("createdAt", row.accepted_ms);
  writer.member("updatedAt", std::max({row.accepted_ms, row.started_ms, row.ended_ms}));
  if (row.started_ms > 0) writer.member("startedAt", row.started_ms);
  if (row.ended_ms > 0) writer.member("endedAt", row.ended_ms);
  if (!row.result.empty()) write_end(writer, row);
  writer.member("deliveryStatus", "not_applicable").end_object();
}

using FoundRun = std::optional<state::RunRow>;

Pending<Result<FoundRun>> find_run(const worker::Context& context, const std::string& run_id) {
  return context.store->read<FoundRun>([run_id](state::Tables& tables) { return tables.runs.find(run_id); });
}

std::int64_t number_in(std::string_view cursor) {
  std::int64_t number = 0;
  const auto read = std::from_chars(cursor.data(), cursor.data() + cursor.size(), number);
  return read.ec == std::errc() && read.ptr == cursor.data() + cursor.size() && number > 0 ? number : -1;
}

}  // namespace

AnswerTask tasks_list(CallPointer call) {
  const worker::Context& context = call->context;
  state::RunFilter filter;
  CO_TRY_ASSIGN(filter.statuses, stored_statuses(call->params["status"]));
  filter.agent_id = call->params["agentId"].text();
  if (call->params["sessionKey"]) {
    CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
    filter.session_key = key.text;
  }
  if (const std::string_view cursor = call->params["cursor"].text(); !cursor.empty()) {
    filter.before_number = number_in(cursor);
    if (filter.before_number < 0) co_return fail(ErrorCode::invalid_request, "invalid tasks.list cursor");
  }
  const std::int64_t limit = call->params["limit"].integer(tasks_default);
  using RunRows = std::vector<state::RunRow>;
  TRY_AWAIT(RunRows rows, context.store->read<RunRows>(
                              [filter, limit](state::Tables& tables) { return tables.runs.page(filter, limit + 1); }));
  const bool has_more = static_cast<std::int64_t>(rows.size()) > limit;
  if (has_more) rows.pop_back();
  JsonWriter writer(1024);
  writer.begin_object().key("tasks").begin_array();
  for (const state::RunRow& row : rows) write_task(writer, row);
  writer.end_array();
  if (has_more) writer.member("nextCursor", std::to_string(rows.back().number));
  co_return Answer{writer.end_object().take()};
}

AnswerTask tasks_get(CallPointer call) {
  const std::string id(call->params["taskId"].text());
  TRY_AWAIT(const FoundRun row, find_run(call->context, id));
  if (!row) co_return fail(ErrorCode::not_found, "task not found: " + id);
  JsonWriter writer;
  write_task(writer.begin_object().key("task"), *row);
  co_return Answer{writer.end_object().take()};
}

AnswerTask tasks_cancel(CallPointer call) {
  const std::string id(call->params["taskId"].text());
  TRY_AWAIT(const FoundRun row, find_run(call->context, id));
  const bool cancelled = row && !call->context.runs->abort(row->session_key, id, "rpc").empty();
  JsonWriter writer;
  writer.begin_object().member("found", row.has_value()).member("cancelled", cancelled);
  if (row && !cancelled) writer.member("reason", "the task is not under way");
  if (row) write_task(writer.key("task"), *row);
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
