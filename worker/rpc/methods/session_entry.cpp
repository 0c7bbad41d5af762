#include "worker/rpc/methods/session_entry.h"

#include "shared/base/clock.h"
#include "shared/config/agents.h"
#include "worker/agents/transcript.h"
#include "worker/sessions/roster.h"

namespace omenia::rpc::methods {

namespace {

void write_change(JsonWriter& payload, const state::SessionRow& row, std::string_view reason) {
  payload.begin_object().member("sessionKey", row.key).member("agentId", row.agent_id).member("reason", reason);
  payload.member("ts", wall_ms());
}

}  // namespace

Result<void> check_agent(const worker::Context& context, const std::string& agent_id) {
  if (find_agent(*context.config(), agent_id)) return {};
  return fail(ErrorCode::invalid_request, "unknown agent '" + agent_id + "'");
}

std::string model_of(const worker::Context& context, const state::SessionRow& row) {
  if (!row.model_override.empty()) return row.model_override;
  const auto config = context.config();
  const AgentConfig* agent = find_agent(*config, row.agent_id);
  return agent && !agent->model.empty() ? agent->model : context.catalog->default_name();
}

Error no_session(const std::string& key) {
  return fail(ErrorCode::not_found, "session not found: " + key);
}

Result<void> check_idle(state::Tables& tables, const std::string& key) {
  TRY_ASSIGN(const std::int64_t unfinished, tables.runs.unfinished_in(key));
  if (unfinished == 0) return {};
  Error busy = fail(ErrorCode::unavailable, "session " + key + " is busy; try again in a moment");
  busy.retry_after_ms = limits::store_retry_ms;
  return busy;
}

void write_entry(JsonWriter& writer, const state::SessionRow& row) {
  writer.key("entry").begin_object().member("sessionId", row.session_id).member("lifecycleRevision", row.session_id);
  writer.member("updatedAt", row.updated_ms).member("sessionStartedAt", row.started_ms);
  writer.member("createdAt", row.created_ms).member("lastInteractionAt", row.last_interaction_ms);
  if (!row.label.empty()) writer.member("label", row.label);
  if (!row.category.empty()) writer.member("category", row.category);
  sessions::write_look(writer, row);
  writer.member("archived", row.archived).member("pinned", row.pinned).member("unread", row.unread);
  writer.member("chatType", "direct").member("systemSent", row.next_seq > 1).member("compactionCount", 0);
  writer.member("abortedLastRun", row.last_run_status == "aborted" || row.last_run_status == "interrupted");
  writer.member("inputTokens", row.input_tokens).member("outputTokens", row.output_tokens);
  writer.member("totalTokens", row.context_tokens).member("totalTokensFresh", true);
  sessions::write_model(writer, row);
  if (!row.thinking_level.empty()) writer.member("thinkingLevel", row.thinking_level);
  writer.member("modelOverrideSource", row.model_override.empty() ? "default" : "user").end_object();
}

void write_resolved(JsonWriter& writer, const worker::Context& context, const state::SessionRow& row) {
  const std::string model = model_of(context, row);
  const auto slash = model.find('/');
  writer.key("resolved").begin_object();
  writer.member("modelProvider", slash == std::string::npos ? std::string() : model.substr(0, slash));
  writer.member("model", slash == std::string::npos ? model : model.substr(slash + 1)).end_object();
}

void tell_session(worker::Context& context, const state::SessionRow& row, std::string_view reason) {
  JsonWriter payload(1024);
  write_change(payload, row, reason);
  payload.key("session");
  sessions::write_row(payload, row, context.runs.get());
  context.hub.broadcast(Event::sessions_changed, payload.end_object().text(), ws::Audience::list_subscribers, row.key);
}

void tell_session_gone(worker::Context& context, const state::SessionRow& row) {
  JsonWriter payload;
  write_change(payload, row, "delete");
  context.hub.broadcast(Event::sessions_changed, payload.end_object().text(), ws::Audience::list_subscribers, row.key);
}

void tell_message(worker::Context& context, const state::SessionRow& row, const state::EntryRow& entry) {
  JsonWriter payload(entry.body.size() + 512);
  payload.begin_object().member("sessionKey", row.key).member("agentId", row.agent_id);
  payload.raw_member("message", agents::wire_message(entry));
  payload.member("messageId", entry.id).member("messageSeq", entry.seq).end_object();
  context.hub.broadcast(Event::session_message, payload.text(), ws::Audience::message_subscribers, row.key);
}

Task<Result<bool>> stop_runs(CallPointer call, std::string key, std::string reason) {
  worker::Context& context = call->context;
  const auto active = context.runs->of_session(key);
  context.runs->abort(key, {}, std::move(reason));
  for (const auto& run : active) {
    auto end = context.runs->end_of(run->request.run_id);
    if (!end) continue;
    Timer deadline(context.loop, [resolver = end->resolver()] { resolver.resolve(nullptr); });
    deadline.start(limits::session_stop_ms_max);
    const agents::SharedOutcome outcome = co_await std::move(*end);
    if (!outcome)
      co_return fail(ErrorCode::unavailable, "a run of session " + key + " was told to stop and has not ended yet");
  }
  co_return !active.empty();
}

}  // namespace omenia::rpc::methods
