// See gateway_report.h. The order of the lines is fixed: operators' scripts read them.

#include "cli/commands/gateway_report.h"

#include <sstream>

#include "shared/base/version.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

constexpr std::string_view service_label = "systemd";
constexpr std::size_t issues_shown_max = 5;

std::string_view service_text(const GatewayReport& report) {
  return report.unit_found ? "unit file found, its state is not inspected" : "no service installed";
}

class Lines {
 public:
  void result(std::string text) { lines_.push_back({true, std::move(text)}); }
  void note(std::string text) { lines_.push_back({false, std::move(text)}); }
  void blank() { result(""); }
  std::vector<ReportLine> take() { return std::move(lines_); }

 private:
  std::vector<ReportLine> lines_;
};

void add_config(Lines& lines, const Context& context) {
  const LoadedConfig& config = context.config;
  const std::string_view state = !config.exists ? " (missing)" : config.valid() ? "" : " (invalid)";
  lines.result("Config (cli): " + shortened(context.paths.config_path, context.home()) + std::string(state));
  for (std::size_t i = 0; i < config.errors.size() && i < issues_shown_max; ++i)
    lines.note("Config issue: " + config.errors[i].path + ": " + config.errors[i].message);
}

void add_address(Lines& lines, const GatewayReport& report) {
  const std::string port = std::to_string(report.port);
  lines.result("Gateway: bind=" + report.bind_mode + " (" + report.bind_host + "), port=" + port + " (" +
               report.port_source + ")");
  const std::string address = "://127.0.0.1:" + port;
  lines.result("Probe target: " + (report.probe ? report.probe->url : (report.tls ? "wss" : "ws") + address));
  lines.result("Dashboard: " + ((report.tls ? "https" : "http") + address) + "/");
  if (report.bind_mode == "loopback")
    lines.result("Probe note: Loopback-only gateway; only local clients can connect.");
}

void add_probe(Lines& lines, const Context& context, const GatewayReport& report) {
  if (!report.probe) return;
  const GatewayProbe& probe = *report.probe;
  const std::string label = report.read_probe ? "Read probe: " : "Connectivity probe: ";
  if (probe.ok) {
    lines.result(label + "ok");
  } else {
    lines.note(label + "failed\nProbe target: " + probe.url + "\n  " + for_terminal(probe.error));
  }
  lines.result("Capability: " + dashed(probe.capability));
  if (!probe.ok && !probe.reached && report.pid == 0)
    lines.note("Start the gateway with: " + context.paths.command("gateway run"));
}

void add_holders(Lines& lines, const GatewayReport& report) {
  const bool failed = report.probe && !report.probe->ok;
  if (failed && !report.holders.empty()) lines.note("Port " + std::to_string(report.port) + " is already in use.");
  std::string listening;
  for (const PortHolder& holder : report.holders) {
    if (listening.find(holder.address) == std::string::npos)  // Two processes may share one socket.
      listening += (listening.empty() ? "" : ", ") + holder.address;
    const std::string pid = holder.pid == 0 ? "unknown" : std::to_string(holder.pid);
    if (failed)
      lines.note("- pid " + pid + " " + holder.user + ": " + for_terminal(without_secrets(holder.command)) + " (" +
                 holder.address + ")");
  }
  if (!listening.empty()) lines.result("Listening: " + listening);
}

}  // namespace

std::string runtime_text(const GatewayReport& report) {
  const bool answered = report.probe && report.probe->reached;
  if (report.pid != 0) {
    return "running (pid " + std::to_string(report.pid) + ", foreground; the native service is diagnostic only)";
  }
  if (answered) return "unknown (a gateway answers, but it does not use this state directory)";
  return "stopped (no gateway uses this state directory)";
}

std::vector<ReportLine> report_lines(const Context& context, const GatewayReport& report) {
  Lines lines;
  lines.result("Service: " + std::string(service_label) + " (" + std::string(service_text(report)) +
               ") (diagnostic only, not the probe target)");
  lines.result("File logs: " + shortened(report.log_file, context.home()));
  lines.blank();
  add_config(lines, context);
  lines.blank();
  add_address(lines, report);
  lines.blank();
  lines.result("CLI version: " + std::string(version) + " (" + shortened(context.executable, context.home()) + ")");
  if (report.probe && !report.probe->version.empty())
    lines.result("Gateway version: " + for_terminal(report.probe->version));
  lines.blank();
  lines.result("Runtime: " + runtime_text(report));
  add_probe(lines, context, report);
  lines.blank();
  add_holders(lines, report);
  lines.result("Troubles: run " + context.paths.command("status"));
  return lines.take();
}

std::string without_secrets(std::string_view command_line) {
  std::istringstream words{std::string(command_line)};
  std::string text;
  bool hide = false;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const bool secret = name == "--token" || name == "--password";
    if (hide) word = "***";
    if (!hide && secret && equals != std::string::npos) word = name + "=***";
    hide = !hide && secret && equals == std::string::npos;
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

}  // namespace omenia::cli
