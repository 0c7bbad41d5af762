#include "worker/sessions/roster.h"

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/json/json.h"
#include "worker/agents/runs.h"
#include "worker/sessions/key.h"

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

using ActiveRuns = std::vector<std::shared_ptr<const agents::Run>>;

// The run under way, else the one that ended last. One that never started has neither a start nor a length.
void write_run(JsonWriter& writer, const state::SessionRow& row, const ActiveRuns& active) {
  if (row.last_run_status.empty() && active.empty()) return;
  writer.member("status", status_word(row.last_run_status, !active.empty()));
  if (!row.last_run_id.empty()) writer.member("lastRunId", row.last_run_id);
  std::int64_t started_ms = active.empty() ? row.last_run_started_ms : 0;
  for (const auto& run : active) started_ms = std::max(started_ms, run->started_ms);  // The others wait for it.
  if (started_ms > 0) writer.member("startedAt", started_ms);
  if (!active.empty()) return;
  writer.member("endedAt", row.last_run_ended_ms);
  if (started_ms > 0) writer.member("runtimeMs", row.last_run_ended_ms - started_ms);
}

}  // namespace

void write_model(JsonWriter& writer, const state::SessionRow& row) {
  const auto slash = row.model_override.find('/');
  if (slash != std::string::npos) {
    writer.member("modelProvider", row.model_override.substr(0, slash));
    writer.member("model", row.model_override.substr(slash + 1));
  } else if (!row.last_model.empty()) {
    writer.member("modelProvider", row.last_provider).member("model", row.last_model);
  }
}

void write_look(JsonWriter& writer, const state::SessionRow& row) {
  const auto look = Json::parse(row.look);
  if (!look.ok()) return;
  for (JsonView member = look.value().view().first(); member; member = member.next())
    writer.member(member.name(), member);
}

void write_row(JsonWriter& writer, const state::SessionRow& row, const agents::Runs* runs, const RowTexts& texts) {
  const auto active = runs->of_session(row.key);
  const bool is_main = row.key == make_key(row.agent_id, "main").text;
  writer.begin_object().member("key", row.key).member("sessionId", row.session_id).member("agentId", row.agent_id);
  writer.member("kind", "direct").member("classification", is_main ? "main" : "direct").member("chatType", "direct");
  writer.member("visibility", "shared").member("isMain", is_main).member("isBackground", false);
  if (!row.label.empty()) writer.member("label", row.label).member("displayName", row.label);
  if (!texts.title.empty()) writer.member("derivedTitle", texts.title);
  if (!texts.last_message.empty()) writer.member("lastMessagePreview", texts.last_message);
  if (!row.category.empty()) writer.member("category", row.category);
  write_look(writer, row);
  writer.member("createdAt", row.created_ms).member("updatedAt", row.updated_ms);
  writer.member("lastInteractionAt", row.last_interaction_ms).member("lastActivityAt", row.updated_ms);
  writer.member("archived", row.archived).member("pinned", row.pinned).member("unread", row.unread);
  writer.member("abortedLastRun", row.last_run_status == "aborted" || row.last_run_status == "interrupted");
  writer.member("inputTokens", row.input_tokens).member("outputTokens", row.output_tokens);
  writer.member("totalTokens", row.context_tokens).member("totalTokensFresh", true);
  write_run(writer, row, active);
  write_model(writer, row);
  if (!row.thinking_level.empty()) writer.member("thinkingLevel", row.thinking_level);
  writer.key("modelOverrideSource");
  row.model_override.empty() ? writer.null() : writer.value("user");
  writer.member("effectiveQueueMode", "followup").member("hasActiveRun", !active.empty());
  writer.key("activeRunIds").begin_array();
  for (const auto& run : active) writer.value(run->request.run_id);
  writer.end_array().member("snapshotAt", wall_ms()).end_object();
}

}  // namespace omenia::sessions
