#include "worker/health.h"

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/context.h"

namespace omenia::worker {

namespace {

constexpr std::int64_t recent_sessions = 5;

// The newest sessions of each configured agent, in the order of the configuration, and of all of them.
struct Activity {
  std::vector<state::SessionPage> by_agent;
  state::SessionPage all;
};

Result<Activity> read_activity(state::Tables& tables, const std::vector<std::string>& agents) {
  Activity activity;
  TRY_ASSIGN(activity.all, tables.sessions.list("", 0, recent_sessions, 0));
  for (const std::string& agent : agents) {
    TRY_ASSIGN(state::SessionPage page, tables.sessions.list(agent, 0, recent_sessions, 0));
    activity.by_agent.push_back(std::move(page));
  }
  return activity;
}

void write_sessions(JsonWriter& writer, const std::string& path, const state::SessionPage& page, std::int64_t now_ms) {
  writer.key("sessions").begin_object().member("path", path).member("count", page.total);
  writer.key("recent").begin_array();
  for (const state::SessionRow& row : page.rows) {
    writer.begin_object().member("key", row.key).member("updatedAt", row.updated_ms);
    writer.member("age", now_ms - row.updated_ms).end_object();
  }
  writer.end_array().end_object();
}

void write_agents(JsonWriter& writer, const Context& context, const std::vector<std::string>& agents,
                  const Activity& activity, std::int64_t now_ms) {
  const std::string default_agent = context.default_agent();
  writer.member("defaultAgentId", default_agent).key("agents").begin_array();
  for (std::size_t i = 0; i < agents.size(); ++i) {
    writer.begin_object().member("agentId", agents[i]).member("isDefault", agents[i] == default_agent);
    writer.key("heartbeat").begin_object().member("enabled", false).member("every", "0m").member("everyMs", 0);
    writer.member("prompt", "").member("target", "none").member("ackMaxChars", 0).end_object();
    write_sessions(writer, context.store->path(), activity.by_agent[i], now_ms);
    writer.end_object();
  }
  writer.end_array();
}

std::string health_json(const Context& context, const std::vector<std::string>& agents, const Activity& activity,
                        std::int64_t begun_ms) {
  const std::int64_t now_ms = wall_ms();
  JsonWriter writer(1024);
  writer.begin_object().member("ok", true).member("ts", now_ms).member("durationMs", now_ms - begun_ms);
  writer.key("plugins").begin_object();
  for (const char* list : {"loaded", "errors", "unavailable"}) writer.key(list).begin_array().end_array();
  writer.end_object();
  writer.key("configReload")
      .begin_object()
      .member("hotReloadStatus", context.config()->reload_mode == "off" ? "disabled" : "active")
      .end_object();
  writer.key("channels").begin_object().end_object();
  writer.key("channelOrder").begin_array().end_array().key("channelLabels").begin_object().end_object();
  writer.member("heartbeatSeconds", 0);
  write_agents(writer, context, agents, activity, now_ms);
  write_sessions(writer, context.store->path(), activity.all, now_ms);
  writer.raw_member("eventLoop", context.monitor.to_json());
  return writer.end_object().take();
}

}  // namespace

Health::Health(Context& context)
    : context_(context), timer_(context.loop, [this] {
        auto run = [](Health* self) -> Task<void> {
          auto refreshing = self->refresh();
          const auto done = co_await std::move(refreshing);
          if (!done.ok()) self->context_.log.logger("gateway/health").warn(done.error().message);
        };
        scope_.spawn(run(this));
        timer_.start(limits::health_refresh_ms);
      }) {}

void Health::start() {
  timer_.start(0);
}

Task<Result<std::string>> Health::refresh() {
  const std::int64_t begun_ms = wall_ms();
  std::vector<std::string> agents;
  for (const AgentConfig& agent : context_.config()->agents) agents.push_back(agent.id);
  TRY_AWAIT(const Activity activity,
            context_.store->read<Activity>([agents](state::Tables& tables) { return read_activity(tables, agents); }));
  snapshot_ = health_json(context_, agents, activity, begun_ms);
  ++version_;
  context_.hub.broadcast(Event::health, snapshot_, ws::Audience::everyone, {}, context_.state_version());
  co_return snapshot_;
}

}  // namespace omenia::worker
