// status: the overview. It never fails because of the gateway; what could not be asked is said.

#include <sys/utsname.h>

#include "cli/commands/all.h"
#include "cli/commands/health_text.h"
#include "cli/failure.h"
#include "cli/gateway_probe.h"
#include "cli/settings.h"
#include "shared/base/version.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

struct Overview {
  Target target;
  GatewayProbe probe;  // Its answer is that of the method `status`.
  bool remote = false;
};

struct System {
  std::string name;
  std::string release;
  std::string machine;
};

System system_of_this_machine() {
  utsname names{};
  if (::uname(&names) != 0) return {"unknown", "", ""};
  return {names.sysname, names.release, names.machine};
}

std::string credential_of(const Target& target) {
  if (!target.token.empty()) return "auth token";
  return target.password.empty() ? "no credentials" : "auth password";
}

std::string gateway_text(const Overview& overview) {
  const std::string state =
      overview.probe.ok
          ? "reachable " + std::to_string(overview.probe.latency_ms) + "ms"
          : "unreachable (" + for_terminal(overview.probe.error.substr(0, overview.probe.error.find('\n'))) + ")";
  return std::string(overview.remote ? "remote" : "local") + " · " + overview.target.url + " (" +
         overview.target.source + ") · " + state + " · " + credential_of(overview.target);
}

std::string agents_text(JsonView status) {
  const std::string_view chosen = status["heartbeat"]["defaultAgentId"].text();
  return chosen.empty() ? "unknown" : std::string(chosen) + " (default)";
}

// Nothing when what runs is what the file says.
std::string configuration_text(JsonView configuration) {
  std::string problem(configuration["problem"].text());
  if (configuration["degraded"].boolean())
    return "degraded: the file cannot be used, its last good copy is; see OmeniaClaw config validate";
  return problem;
}

std::string sessions_text(JsonView sessions) {
  std::string text = std::to_string(sessions["count"].integer());
  const std::string_view model = sessions["defaults"]["model"].text();
  return model.empty() ? text : text + " · default model " + std::string(model);
}

std::string version_text(const GatewayProbe& probe) {
  if (probe.version.empty() || probe.version == version) return version;
  return std::string(version) + " · gateway " + for_terminal(probe.version);
}

std::vector<Row> overview_rows(const Context& context, const Overview& overview, bool all) {
  const System system = system_of_this_machine();
  const Target& target = overview.target;
  std::vector<Row> rows = {{"Item", "Value"}};
  if (all) rows.push_back({"Version", version_text(overview.probe)});
  rows.push_back({"OS", system.name + " " + system.release + " (" + system.machine + ")"});
  if (all) {
    rows.push_back({"Config", shortened(context.paths.config_path, context.home())});
    rows.push_back({"State", shortened(context.paths.state_dir, context.home())});
    rows.push_back({"Log", shortened(log_file_of(context), context.home())});
  }
  rows.push_back({"Dashboard", std::string(target.tls ? "https" : "http") + "://" + target.host + ":" +
                                   std::to_string(target.port) + "/"});
  rows.push_back({"Gateway", gateway_text(overview)});
  rows.push_back({"Gateway service", "managing services is not part of this release"});
  if (overview.probe.ok) {
    rows.push_back({"Agents", for_terminal(agents_text(overview.probe.answer))});
    if (const std::string text = configuration_text(overview.probe.answer["configuration"]); !text.empty())
      rows.push_back({"Configuration", for_terminal(text)});
    rows.push_back({"Sessions", for_terminal(sessions_text(overview.probe.answer["sessions"]))});
  }
  return rows;
}

void write_gateway(JsonWriter& writer, const Overview& overview) {
  const GatewayProbe& probe = overview.probe;
  writer.key("gateway").begin_object().member("mode", overview.remote ? "remote" : "local");
  writer.member("url", overview.target.url).member("urlSource", overview.target.source).member("misconfigured", false);
  writer.member("reachable", probe.ok).member("connectLatencyMs", probe.latency_ms);
  if (probe.ok) {
    writer.key("self")
        .begin_object()
        .member("version", probe.version)
        .member("connId", probe.connection_id)
        .end_object();
  } else {
    writer.key("self").null().member("error", probe.error);
  }
  writer.end_object();
}

std::string overview_json(const Overview& overview) {
  const System system = system_of_this_machine();
  JsonWriter writer;
  writer.begin_object();
  for (JsonView member = overview.probe.answer.view().first(); member; member = member.next())
    writer.member(member.name(), member);
  writer.key("os").begin_object().member("platform", "linux").member("arch", system.machine);
  writer.member("release", system.release).member("label", system.name + " " + system.release).end_object();
  write_gateway(writer, overview);
  writer.key("gatewayService").begin_object().member("label", "systemd").member("installed", false);
  writer.member("loaded", false).end_object();
  writer.key("collection").begin_object().member("source", overview.probe.ok ? "gateway" : "local");
  return writer.end_object().end_object().take();
}

void print_health(Context& context, const Arguments& arguments, const Overview& overview) {
  const GatewayProbe health = probe_gateway(context, arguments, {"health", command_identity("operator.read")},
                                            overview.target, "health", R"({"probe":true})");
  context.output.line("\nHealth");
  if (!health.ok) return context.output.line("unknown (" + for_terminal(health.error) + ")");
  for (const std::string& line : health_lines(health.answer, health.latency_ms))
    context.output.line(for_terminal(line));
}

void print_overview(Context& context, const Arguments& arguments, const Overview& overview) {
  const bool all = arguments.flag("--all");
  context.output.line(all ? "OmeniaClaw status --all\n\nOverview" : "OmeniaClaw status\n\nOverview");
  context.output.line(framed_table(overview_rows(context, overview, all)));
  if (arguments.flag("--deep")) print_health(context, arguments, overview);
  context.output.line("\nNext steps:");
  if (!overview.probe.ok) context.output.line("  " + context.paths.command("gateway status"));
  if (!overview.probe.ok && !overview.remote) context.output.line("  " + context.paths.command("gateway run"));
  if (overview.probe.ok) context.output.line("  " + context.paths.command("agent -m \"Hello\""));
  context.output.line("  " + context.paths.command("logs --follow"));
  if (all) context.output.line("\nPasteable debug report. Auth tokens redacted.");
}

}  // namespace

int run_status(Context& context, const Arguments& arguments) {
  const auto timeout = arguments.integer("--timeout", 1, limits::agent_wait_ms_max);
  if (!timeout.ok()) return complain(context, timeout.error());
  Result<Target> target = target_of(context, arguments);
  if (!target.ok()) return complain(context, target.error());
  Overview overview{.target = std::move(target).value(), .probe = {}, .remote = false};
  overview.remote = !overview.target.local();
  overview.probe = probe_gateway(context, arguments, {"status", command_identity("operator.read")}, overview.target,
                                 "status", R"({"includeChannelSummary":false})");
  if (context.output.json) {
    context.output.line(overview_json(overview));
  } else {
    print_overview(context, arguments, overview);
  }
  return 0;
}

}  // namespace omenia::cli
