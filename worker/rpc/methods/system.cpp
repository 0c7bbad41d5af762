// system.info, secrets.reload, update.status, last-heartbeat, agent.identity.get: the gateway and what it runs on.

#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "shared/base/clock.h"
#include "shared/base/version.h"
#include "shared/config/agents.h"
#include "shared/json/writer.h"
#include "worker/agents/system_events.h"
#include "worker/context.h"
#include "worker/events/run_payload.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_entry.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

// The figure after `name` in a file of lines such as "MemTotal:  16384 kB", in bytes. 0: it is not there.
std::int64_t kilobytes_in(const char* file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name)) continue;
    std::int64_t kilobytes = 0;
    std::istringstream(line.substr(name.size())) >> kilobytes;
    return kilobytes * 1024;
  }
  return 0;
}

void write_disk(JsonWriter& writer, const std::string& path) {
  struct statvfs disk {};
  if (::statvfs(path.c_str(), &disk) != 0) return;
  const auto bytes = [&disk](fsblkcnt_t blocks) {
    return static_cast<std::int64_t>(blocks) * static_cast<std::int64_t>(disk.f_frsize);
  };
  writer.member("diskTotalBytes", bytes(disk.f_blocks)).member("diskAvailableBytes", bytes(disk.f_bavail));
  writer.member("diskPath", path);
}

void write_memory(JsonWriter& writer) {
  writer.member("memoryTotalBytes", kilobytes_in("/proc/meminfo", "MemTotal:"));
  writer.member("memoryFreeBytes", kilobytes_in("/proc/meminfo", "MemAvailable:"));
  const std::int64_t resident = kilobytes_in("/proc/self/status", "VmRSS:");
  const std::int64_t data = kilobytes_in("/proc/self/status", "VmData:");
  writer.key("processMemory").begin_object().member("rssBytes", resident).member("heapUsedBytes", data);
  writer.member("heapTotalBytes", data).end_object();
}

std::string_view arch_word(std::string_view machine) {
  if (machine == "x86_64") return "x64";
  return machine == "aarch64" ? "arm64" : machine;
}

}  // namespace

AnswerTask system_info(CallPointer call) {
  const worker::Context& context = call->context;
  struct utsname host {};
  ::uname(&host);
  double load[3] = {0, 0, 0};
  if (::getloadavg(load, 3) != 3) load[0] = load[1] = load[2] = 0;
  JsonWriter writer(1024);
  writer.begin_object().member("machineName", host.nodename).member("hostname", host.nodename);
  writer.member("platform", "linux").member("release", host.release).member("arch", arch_word(host.machine));
  writer.member("osLabel", std::string("Linux ") + host.release);
  if (!context.launch.listen.empty()) writer.member("port", context.launch.listen.front().port);
  writer.member("nodeVersion", std::string("OmeniaClaw ") + version);
  writer.member("pid", static_cast<std::int64_t>(::getpid())).member("processInstanceId", context.boot_id);
  writer.member("uptimeMs", wall_ms() - context.started_ms);
  writer.member("cpuCount", static_cast<std::int64_t>(std::thread::hardware_concurrency()));
  writer.key("loadAverage").begin_array().value(load[0]).value(load[1]).value(load[2]).end_array();
  write_memory(writer);
  writer.raw_member("eventLoop", context.monitor.to_json());
  write_disk(writer, context.launch.state_dir);
  co_return Answer{writer.end_object().take()};
}

// Secrets stand in the configuration and in what it takes from the environment: all of it is read again. What needs a
// new worker waits for the supervisor, who follows the same files.
AnswerTask secrets_reload(CallPointer call) {
  worker::Context& context = call->context;
  const worker::PlannedReload& planned = context.live_config.plan();
  if (!planned.problems.empty()) co_return fail(ErrorCode::unavailable, planned.text);
  const bool apply = planned.decision.action == ReloadAction::apply;
  const int warnings = planned.note.empty() ? 0 : 1;
  if (apply) CO_TRY(context.live_config.apply());
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("warningCount", warnings);
  co_return Answer{writer.end_object().take()};
}

// This release does not look for newer ones.
AnswerTask update_status(CallPointer) {
  JsonWriter writer;
  writer.begin_object().key("sentinel").null().key("updateAvailable").null();
  writer.member("effectiveChannel", "stable").key("schedule").begin_object().member("channel", "stable");
  writer.member("autoEnabled", false).key("install").begin_object().member("kind", "unknown").end_object();
  co_return Answer{writer.end_object().end_object().take()};
}

AnswerTask last_heartbeat(CallPointer call) {
  using Found = std::optional<state::RunRow>;
  TRY_AWAIT(const Found last,
            call->context.store->read<Found>([](state::Tables& tables) { return tables.runs.last_ended_wake(); }));
  if (!last) co_return Answer{"null"};
  CO_TRY_ASSIGN(const agents::RunOutcome outcome, agents::RunOutcome::from_json(last->result));
  co_return Answer{worker::heartbeat_payload(outcome)};
}

AnswerTask agent_identity_get(CallPointer call) {
  const worker::Context& context = call->context;
  std::string id(call->params["agentId"].text());
  if (id.empty()) {
    CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
    id = key.agent_id;
  }
  CO_TRY(check_agent(context, id));
  const auto config = context.config();
  const AgentConfig* agent = find_agent(*config, id);
  const std::string name = agent ? agent->name : std::string();
  JsonWriter writer;
  writer.begin_object().member("agentId", id).member("name", name.empty() ? id : name);
  writer.member("nameSource", name.empty() ? "default" : "config");
  co_return Answer{writer.member("avatarStatus", "none").end_object().take()};
}

}  // namespace omenia::rpc::methods
