#include "worker/health.h"

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/context.h"

namespace omenia::worker {

namespace {

constexpr std::int64_t recent_sessions = 5;

void write_sessions(JsonWriter& writer, const std::string& path, const state::SessionPage& page, std::int64_t now_ms) {
  writer.key("sessions").begin_object().member("path", path).member("count", page.total);
  writer.key("recent").begin_array();
  for (const state::SessionRow& row : page.rows) {
    writer.begin_object().member("key", row.key).member("updatedAt", row.updated_ms);
    writer.member("age", now_ms - row.updated_ms).end_object();
  }
  writer.end_array().end_object();
}

void write_agents(JsonWriter& writer, const Context& context, const state::SessionPage& page, std::int64_t now_ms) {
  const std::string default_agent = context.default_agent();
  writer.member("defaultAgentId", default_agent).key("agents").begin_array();
  for (const AgentConfig& agent : context.config()->agents) {
    writer.begin_object().member("agentId", agent.id).member("isDefault", agent.id == default_agent);
    writer.key("heartbeat").begin_object().member("enabled", false).member("every", "0m").member("everyMs", 0);
    writer.member("prompt", "").member("target", "none").member("ackMaxChars", 0).end_object();
    write_sessions(writer, context.store->path(), page, now_ms);
    writer.end_object();
  }
  writer.end_array();
}

std::string health_json(const Context& context, const state::SessionPage& page, std::int64_t begun_ms) {
  const std::int64_t now_ms = wall_ms();
  JsonWriter writer(1024);
  writer.begin_object().member("ok", true).member("ts", now_ms).member("durationMs", now_ms - begun_ms);
  writer.key("plugins").begin_object();
  for (const char* list : {"loaded", "errors", "unavailable"}) writer.key(list).begin_array().end_array();
  writer.end_object();
  writer.key("configReload").begin_object().member("hotReloadStatus", "disabled").end_object();
  writer.key("channels").begin_object().end_object();
  writer.key("channelOrder").begin_array().end_array().key("channelLabels").begin_object().end_object();
  writer.member("heartbeatSeconds", 0);
  write_agents(writer, context, page, now_ms);
  write_sessions(writer, context.store->path(), page, now_ms);
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
  TRY_AWAIT(const state::SessionPage page, context_.store->read<state::SessionPage>([](state::Tables& tables) {
    return tables.sessions.list("", 0, recent_sessions, 0);
  }));
  snapshot_ = health_json(context_, page, begun_ms);
  ++version_;
  context_.hub.broadcast(Event::health, snapshot_, ws::Audience::everyone, {}, context_.state_version());
  co_return snapshot_;
}

}  // namespace omenia::worker
