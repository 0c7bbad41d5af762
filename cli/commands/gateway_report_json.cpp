// The JSON rendering of `gateway status`.

#include "cli/commands/gateway_report.h"
#include "shared/base/version.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

void write_issues(JsonWriter& writer, std::string_view name, const std::vector<ConfigIssue>& issues) {
  if (issues.empty()) return;
  writer.key(name).begin_array();
  for (const ConfigIssue& issue : issues)
    writer.begin_object().member("path", issue.path).member("message", issue.message).end_object();
  writer.end_array();
}

void write_service(JsonWriter& writer, const GatewayReport& report) {
  const std::string_view status = report.pid != 0                         ? "running"
                                  : report.probe && report.probe->reached ? "unknown"
                                                                          : "stopped";
  writer.key("service").begin_object().member("label", "systemd").member("loaded", false);
  writer.key("loadState").begin_object().member("status", report.unit_found ? "unknown" : "not-loaded").end_object();
  writer.member("loadedText", "enabled").member("notLoadedText", "disabled").member("targetRole", "diagnostic-only");
  writer.key("command").null().key("runtime").begin_object().member("status", status);
  if (report.pid != 0) writer.member("pid", static_cast<std::int64_t>(report.pid));
  writer.member("detail", runtime_text(report)).end_object();
  writer.key("configAudit").begin_object().member("ok", true).key("issues").begin_array().end_array().end_object();
  writer.end_object();
}

void write_config(JsonWriter& writer, const Context& context) {
  const LoadedConfig& config = context.config;
  writer.key("config").begin_object().key("cli").begin_object();
  writer.member("path", context.paths.config_path).member("exists", config.exists).member("valid", config.valid());
  write_issues(writer, "issues", config.errors);
  write_issues(writer, "warnings", config.warnings);
  writer.end_object().end_object();
}

void write_gateway(JsonWriter& writer, const GatewayReport& report) {
  const std::string address = "://127.0.0.1:" + std::to_string(report.port);
  const std::string ws_url = (report.tls ? "wss" : "ws") + address;
  writer.key("gateway").begin_object().member("bindMode", report.bind_mode).member("bindHost", report.bind_host);
  writer.member("port", report.port).member("portSource", report.port_source);
  writer.member("probeUrl", report.probe ? report.probe->url : ws_url);
  writer.key("controlUiLinks").begin_object().member("httpUrl", (report.tls ? "https" : "http") + address + "/");
  writer.member("wsUrl", ws_url).end_object();
  if (report.tls) writer.member("tlsEnabled", true);
  if (report.bind_mode == "loopback")
    writer.member("probeNote", "Loopback-only gateway; only local clients can connect.");
  writer.key("version");
  if (report.probe && !report.probe->version.empty()) {
    writer.value(report.probe->version);
  } else {
    writer.null();
  }
  writer.end_object();
}

void write_port(JsonWriter& writer, const GatewayReport& report) {
  writer.key("port").begin_object().member("port", report.port);
  writer.member("status", report.holders.empty() ? "free" : "busy").key("listeners").begin_array();
  for (const PortHolder& holder : report.holders) {
    writer.begin_object().member("pid", static_cast<std::int64_t>(holder.pid));
    writer.member("commandLine", without_secrets(holder.command)).member("user", holder.user);
    writer.member("address", holder.address).end_object();
  }
  writer.end_array().key("hints").begin_array().end_array().end_object();
}

void write_probe(JsonWriter& writer, const GatewayReport& report) {
  if (!report.probe) return;
  const GatewayProbe& probe = *report.probe;
  writer.key("rpc").begin_object().member("ok", probe.ok).member("kind", report.read_probe ? "read" : "connect");
  writer.member("capability", probe.capability).member("url", probe.url).member("latencyMs", probe.latency_ms);
  writer.member("gatewayReached", probe.reached);
  if (!probe.role.empty()) {
    writer.key("auth").begin_object().member("role", probe.role).key("scopes").begin_array();
    for (const std::string& scope : probe.scopes) writer.value(scope);
    writer.end_array().member("capability", probe.capability).end_object();
    writer.key("server").begin_object().member("version", probe.version).member("connId", probe.connection_id);
    writer.end_object().member("version", probe.version);
  }
  if (!probe.ok) {
    writer.member("error", probe.error).key("connectFailure").begin_object();
    writer.member("kind", probe.reached ? "auth-rejected" : "unreachable");
    if (!probe.detail_code.empty()) writer.member("detailCode", probe.detail_code);
    writer.end_object();
  }
  writer.end_object();
}

}  // namespace

std::string report_json(const Context& context, const GatewayReport& report) {
  JsonWriter writer;
  writer.begin_object().key("cli").begin_object().member("version", version);
  writer.member("entrypoint", context.executable).end_object().member("logFile", report.log_file);
  write_service(writer, report);
  write_config(writer, context);
  write_gateway(writer, report);
  write_port(writer, report);
  write_probe(writer, report);
  return writer.key("extraServices").begin_array().end_array().end_object().take();
}

}  // namespace omenia::cli
