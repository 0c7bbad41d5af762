// session_status: the time, and how a session stands.

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/config/agents.h"
#include "shared/json/writer.h"
#include "state/store.h"
#include "worker/agents/runs.h"
#include "worker/providers/catalog.h"
#include "worker/tools/handlers.h"

namespace omenia::tools::handlers {

namespace {

std::string model_of(const ToolHost& host, const state::SessionRow& row) {
  if (!row.model_override.empty()) return row.model_override;
  const auto config = host.config();
  const AgentConfig* agent = find_agent(*config, row.agent_id);
  return agent && !agent->model.empty() ? agent->model : host.catalog()->default_name();
}

std::string state_of(const ToolHost& host, const state::SessionRow& row) {
  if (!host.runs.of_session(row.key).empty()) return "running";
  return row.last_run_status.empty() ? "idle" : "idle, last run " + row.last_run_status;
}

// The context window of the model, 0: not known.
std::int64_t window_of(const ToolHost& host, const std::string& model) {
  const auto choice = host.catalog()->find(model);
  return choice.ok() ? choice.value().model.context_window : 0;
}

}  // namespace

ToolTask session_status(ToolCallPointer call) {
  const std::string_view name = call->args["sessionKey"].text();
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call, name));
  using Found = std::optional<state::SessionRow>;
  TRY_AWAIT(const Found found, call->host.store.read<Found>(
                                   [key = key.text](state::Tables& tables) { return tables.sessions.find(key); }));
  if (!found) co_return no_such_session(name.empty() ? key.text : name);
  const state::SessionRow& row = *found;
  const std::int64_t now_ms = wall_ms();
  const std::string model = model_of(call->host, row);
  const std::int64_t window = window_of(call->host, model);
  const std::string state = state_of(call->host, row);

  std::string card = "Time: " + iso_utc(now_ms) + "\nSession: " + row.key;
  if (!row.label.empty()) card += " (" + row.label + ")";
  card += "\nModel: " + model + "\nTokens: " + std::to_string(row.input_tokens) + " in, " +
          std::to_string(row.output_tokens) + " out; context " + std::to_string(row.context_tokens);
  if (window > 0) card += " of " + std::to_string(window);
  card += "\nState: " + state;

  JsonWriter details;
  details.begin_object().member("sessionKey", row.key).member("sessionId", row.session_id);
  details.member("agentId", row.agent_id).member("time", iso_utc(now_ms)).member("model", model);
  details.member("inputTokens", row.input_tokens).member("outputTokens", row.output_tokens);
  details.member("contextTokens", row.context_tokens);
  if (window > 0) details.member("contextWindow", window);
  details.member("state", state).member("updatedAt", row.updated_ms).end_object();
  co_return result_of(card, details.take());
}

}  // namespace omenia::tools::handlers
