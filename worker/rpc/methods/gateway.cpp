// health, status, system-presence, logs.tail: the gateway about itself.

#include <unistd.h>

#include "shared/base/clock.h"
#include "shared/base/version.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/log_tail.h"
#include "worker/rpc/methods.h"
#include "worker/sessions/roster.h"

namespace omenia::rpc::methods {

AnswerTask health(CallPointer call) {
  worker::Health& health = call->context.health;
  if (call->params["probe"].boolean() || health.snapshot() == "{}") {
    TRY_AWAIT_DONE(health.refresh());
  }
  co_return Answer{health.snapshot()};
}

namespace {

constexpr std::int64_t recent_sessions = 10;

void write_tasks(JsonWriter& writer, std::size_t active) {
  writer.key("tasks").begin_object().member("total", active).member("active", active);
  writer.member("terminal", 0).member("failures", 0);
  writer.key("byStatus").begin_object().member("running", active).end_object();
  writer.key("byRuntime").begin_object().member("cli", active).end_object().end_object();
}

void write_channels(JsonWriter& writer) {
  for (const char* list : {"channelSummary", "queuedSystemEvents", "degradedSecretOwners", "degradedPlugins"})
    writer.key(list).begin_array().end_array();
}

}  // namespace

AnswerTask status(CallPointer call) {
  worker::Context& context = call->context;
  TRY_AWAIT(const state::SessionPage page, context.store->read<state::SessionPage>([](state::Tables& tables) {
    return tables.sessions.list("", 0, recent_sessions, 0);
  }));
  const std::string default_agent = context.default_agent();
  JsonWriter writer(2048);
  writer.begin_object().member("runtimeVersion", version).member("pid", static_cast<std::int64_t>(::getpid()));
  writer.member("uptimeMs", wall_ms() - context.started_ms).member("generation", context.generation);
  writer.key("heartbeat").begin_object().member("defaultAgentId", default_agent);
  writer.key("agents").begin_array().end_array().end_object();
  write_channels(writer);
  write_tasks(writer, context.runs->active());
  writer.key("sessions").begin_object().key("paths").begin_array().value(context.store->path()).end_array();
  writer.member("count", page.total).key("defaults").begin_object();
  writer.member("model", context.catalog->default_name()).end_object();
  writer.key("recent").begin_array();
  for (const state::SessionRow& row : page.rows) sessions::write_row(writer, row, context.runs.get());
  writer.end_array().key("byAgent").begin_array().end_array().end_object();
  writer.raw_member("eventLoop", context.monitor.to_json());
  writer.member("connections", context.hub.connected()).end_object();
  co_return Answer{writer.take()};
}

AnswerTask system_presence(CallPointer call) {
  co_return Answer{call->context.presence.to_json()};
}

AnswerTask logs_tail(CallPointer call) {
  worker::LogWindow window;
  window.file = call->context.log.file();
  window.cursor = call->params["cursor"].integer(-1);
  window.lines_max = call->params["limit"].integer(limits::logs_tail_lines);
  window.bytes_max = call->params["maxBytes"].integer(limits::logs_tail_bytes);
  call->context.log.flush();
  CO_TRY_ASSIGN(std::string payload, worker::read_log_tail(window));
  co_return Answer{std::move(payload)};
}

}  // namespace omenia::rpc::methods
