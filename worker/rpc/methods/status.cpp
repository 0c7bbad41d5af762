// status: the operator's summary of the gateway.

#include <unistd.h>

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/base/version.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t recent_sessions = 10;

// The newest sessions of one agent; of all, when it has no name.
struct AgentSessions {
  std::string agent;
  state::SessionPage page;
};
using Found = std::vector<AgentSessions>;

Result<Found> read_sessions(state::Tables& tables, const std::vector<std::string>& agents) {
  Found found;
  for (const std::string& agent : agents) {
    TRY_ASSIGN(state::SessionPage page, tables.sessions.list(agent, 0, recent_sessions, 0));
    found.push_back({agent, std::move(page)});
  }
  return found;
}

// A session as the summary tells it, which is less than sessions.list does.
void write_row(JsonWriter& writer, const state::SessionRow& row, const std::string& default_model) {
  const bool aborted = row.last_run_status == "aborted" || row.last_run_status == "interrupted";
  const std::string& last = row.last_model;
  writer.begin_object().member("agentId", row.agent_id).member("key", row.key).member("kind", "direct");
  writer.member("sessionId", row.session_id).member("updatedAt", row.updated_ms);
  writer.member("age", std::max<std::int64_t>(0, wall_ms() - row.updated_ms)).member("abortedLastRun", aborted);
  writer.member("inputTokens", row.input_tokens).member("outputTokens", row.output_tokens);
  writer.member("totalTokens", row.context_tokens).member("totalTokensFresh", true);
  writer.member("model", last.empty() ? default_model : row.last_provider + "/" + last).key("flags").begin_array();
  if (aborted) writer.value("aborted");
  writer.end_array().end_object();
}

void write_recent(JsonWriter& writer, const state::SessionPage& page, const std::string& default_model) {
  writer.member("count", page.total).key("recent").begin_array();
  for (const state::SessionRow& row : page.rows) write_row(writer, row, default_model);
  writer.end_array();
}

// `found` has the sessions of all agents first.
void write_sessions(JsonWriter& writer, const worker::Context& context, const Found& found) {
  const std::string& path = context.store->path();
  const std::string model = context.catalog->default_name();
  writer.key("sessions").begin_object().key("paths").begin_array().value(path).end_array();
  writer.key("defaults").begin_object().member("model", model).end_object();
  write_recent(writer, found.front().page, model);
  writer.key("byAgent").begin_array();
  for (auto each = found.begin() + 1; each != found.end(); ++each) {
    writer.begin_object().member("agentId", each->agent).member("path", path);
    write_recent(writer, each->page, model);
    writer.end_object();
  }
  writer.end_array().end_object();
}

void write_tasks(JsonWriter& writer, std::size_t active) {
  writer.key("tasks").begin_object().member("total", active).member("active", active);
  writer.member("terminal", 0).member("failures", 0).key("byStatus").begin_object().member("running", active);
  for (const char* other : {"queued", "succeeded", "failed", "timed_out", "cancelled", "lost"}) writer.member(other, 0);
  writer.end_object().key("byRuntime").begin_object().member("cli", active);
  for (const char* other : {"subagent", "acp", "cron"}) writer.member(other, 0);
  writer.end_object().end_object();
}

// Whether what runs is what the file says, and what stands against it.
void write_configuration(JsonWriter& writer, const worker::Context& context) {
  const auto& planned = context.live_config.planned();
  const bool invalid = planned && !planned->problems.empty();
  const std::string& problem = invalid ? planned->text : context.swap_problem;
  writer.key("configuration").begin_object().member("path", context.launch.config_path);
  writer.member("degraded", context.launch.degraded).member("valid", !invalid && !context.launch.degraded);
  if (!problem.empty()) writer.member("problem", problem);
  writer.end_object();
}

}  // namespace

AnswerTask status(CallPointer call) {
  worker::Context& context = call->context;
  std::vector<std::string> agents{""};
  for (const AgentConfig& agent : context.config()->agents) agents.push_back(agent.id);
  TRY_AWAIT(const Found found,
            context.store->read<Found>([agents](state::Tables& tables) { return read_sessions(tables, agents); }));
  JsonWriter writer(2048);
  writer.begin_object().member("runtimeVersion", version).member("pid", static_cast<std::int64_t>(::getpid()));
  writer.member("uptimeMs", wall_ms() - context.started_ms).member("generation", context.generation);
  writer.key("heartbeat").begin_object().member("defaultAgentId", context.default_agent());
  writer.key("agents").begin_array().end_array().end_object();
  for (const char* list : {"channelSummary", "queuedSystemEvents", "degradedSecretOwners", "degradedPlugins"})
    writer.key(list).begin_array().end_array();
  write_tasks(writer, context.runs->active());
  write_sessions(writer, context, found);
  write_configuration(writer, context);
  writer.raw_member("eventLoop", context.monitor.to_json());
  writer.member("connections", context.hub.connected()).end_object();
  co_return Answer{writer.take()};
}

}  // namespace omenia::rpc::methods
