#pragma once
// What `gateway status` found out, and its two renderings.

#include <sys/types.h>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/gateway_probe.h"
#include "shared/os/process.h"

namespace omenia::cli {

struct GatewayReport {
  bool unit_found = false;  // A service definition of this profile's name exists; its state is not looked at.
  std::string log_file;
  std::string bind_mode;
  std::string bind_host;
  int port = 0;
  bool tls = false;
  std::string port_source;  // "cli" or "env/config"
  pid_t pid = 0;            // Of the gateway that holds this state directory's lock; 0: nobody does.
  bool read_probe = false;  // A read request was asked for, not only a connection.
  std::optional<GatewayProbe> probe;
  std::vector<PortHolder> holders;
};

// One line of the text, and where it goes.
struct ReportLine {
  bool result = true;  // False: standard error.
  std::string text;
};

std::vector<ReportLine> report_lines(const Context& context, const GatewayReport& report);
std::string report_json(const Context& context, const GatewayReport& report);

// "running (pid 12, …)", "stopped (…)", "unknown (…)".
std::string runtime_text(const GatewayReport& report);

// A command line with the values of --token and --password left out.
std::string without_secrets(std::string_view command_line);

}  // namespace omenia::cli
