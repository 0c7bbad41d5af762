#include "worker/sessions/roster.h"

#include "shared/base/clock.h"
#include "worker/agents/runs.h"

namespace omenia::sessions {

namespace {

// The words that clients know for how the last run of a session ended.
std::string_view status_word(const std::string& stored, bool active) {
  if (active) return "running";
  if (stored == "failed" || stored == "interrupted") return "failed";
  if (stored == "aborted") return "killed";
  if (stored == "timed_out") return "timeout";
  return "done";
}

}  // namespace

void write_row(JsonWriter& writer, const state::SessionRow& row, const agents::Runs* runs) {
  const auto active = runs->of_session(row.key);
  const bool is_main = row.key.ends_with(":main");
  writer.begin_object().member("key", row.key).member("sessionId", row.session_id).member("agentId", row.agent_id);
  writer.member("kind", "direct").member("classification", is_main ? "main" : "direct").member("chatType", "direct");
  writer.member("visibility", "shared").member("isMain", is_main).member("isBackground", false);
  if (!row.label.empty()) writer.member("label", row.label).member("displayName", row.label);
  writer.member("createdAt", row.created_ms).member("updatedAt", row.updated_ms);
  writer.member("lastInteractionAt", row.last_interaction_ms).member("lastActivityAt", row.updated_ms);
  writer.member("archived", false).member("pinned", false).member("unread", false);
  writer.member("abortedLastRun", row.last_run_status == "aborted" || row.last_run_status == "interrupted");
  writer.member("inputTokens", row.input_tokens).member("outputTokens", row.output_tokens);
  writer.member("totalTokens", row.context_tokens).member("totalTokensFresh", true);
  if (!row.last_run_status.empty() || !active.empty()) {
    writer.member("status", status_word(row.last_run_status, !active.empty()));
    writer.member("startedAt", row.last_run_started_ms).member("endedAt", row.last_run_ended_ms);
    writer.member("runtimeMs", row.last_run_ended_ms - row.last_run_started_ms).member("lastRunId", row.last_run_id);
  }
  if (!row.last_model.empty()) writer.member("modelProvider", row.last_provider).member("model", row.last_model);
  writer.key("modelOverrideSource").null();
  writer.member("effectiveQueueMode", "followup").member("hasActiveRun", !active.empty());
  writer.key("activeRunIds").begin_array();
  for (const auto& run : active) writer.value(run->request.run_id);
  writer.end_array().member("snapshotAt", wall_ms()).end_object();
}

}  // namespace omenia::sessions
