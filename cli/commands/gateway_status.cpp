// gateway status: collects what is known about this machine's gateway without changing anything. Its exit code is 0 in
// every state, unless --require-rpc asks for more.

#include <unistd.h>

#include "cli/commands/all.h"
#include "cli/commands/gateway_report.h"
#include "cli/failure.h"
#include "cli/settings.h"
#include "shared/config/bind.h"
#include "shared/os/file_lock.h"

namespace omenia::cli {

namespace {

// The pid of the gateway that holds this state directory; 0 when nobody does.
pid_t lock_holder(const std::string& state_dir) {
  const Result<Json> note = Json::parse(FileLock::note_of_holder(state_dir + "/tmp/gateway.state.lock"));
  return note.ok() ? static_cast<pid_t>(note.value()["pid"].integer()) : 0;
}

bool unit_exists(const Context& context) {
  const std::string suffix = context.paths.profile.empty() ? "" : "-" + context.paths.profile;
  const std::string unit = "OmeniaClaw-gateway" + suffix + ".service";
  return ::access((context.home() + "/.config/systemd/user/" + unit).c_str(), F_OK) == 0 ||
         ::access(("/etc/systemd/system/" + unit).c_str(), F_OK) == 0;
}

// The address that gateway.bind leads to; "?" when it leads to none.
std::string bind_host_of(const Config& config, int port) {
  const auto addresses =
      listen_addresses(config.gateway_bind, port, {config.gateway_custom_bind_host, tailnet_address()});
  return addresses.ok() ? addresses.value().front().host : "?";
}

GatewayReport collect(const Context& context, const Arguments& arguments, const Target& target) {
  const Config config = usable_config(context);
  GatewayReport report;
  report.unit_found = unit_exists(context);
  report.log_file = log_file_of(context);
  report.bind_mode = config.gateway_bind;
  report.bind_host = bind_host_of(config, target.port);
  report.port = target.port;
  report.tls = target.tls;
  report.port_source = arguments.flag("--port") ? "cli" : "env/config";
  report.pid = lock_holder(context.paths.state_dir);
  report.read_probe = arguments.flag("--require-rpc");
  report.holders = holders_of_port(target.port);
  if (arguments.flag("--no-probe")) return report;
  report.probe =
      report.read_probe
          ? probe_gateway(context, arguments, {"status", backend_identity("operator.read", "status")}, target, "status")
          : probe_gateway(context, arguments, {"status", probe_identity()}, target, "");
  return report;
}

Result<Target> checked_target(const Context& context, const Arguments& arguments) {
  if (arguments.flag("--no-probe") && arguments.flag("--require-rpc")) {
    return fail(ErrorCode::usage,
                "Gateway status failed: --require-rpc needs probing enabled. Remove --no-probe or drop --require-rpc.");
  }
  TRY(arguments.integer("--timeout", 1, limits::agent_wait_ms_max));
  TRY_ASSIGN(const int port, local_port(context));
  return resolve_native_target(arguments, usable_config(context), context.environment, port);
}

}  // namespace

int run_gateway_status(Context& context, const Arguments& arguments) {
  const Result<Target> target = checked_target(context, arguments);
  if (!target.ok()) return complain(context, target.error());
  const GatewayReport report = collect(context, arguments, target.value());
  if (context.output.json) {
    context.output.line(report_json(context, report));
  } else {
    for (const ReportLine& line : report_lines(context, report))
      line.result ? context.output.line(line.text) : context.output.note(line.text);
    if (arguments.flag("--deep"))
      context.output.note("--deep: looking for other services is not part of this release.");
  }
  return report.read_probe && !report.probe->ok ? 1 : 0;
}

}  // namespace omenia::cli
