// The command table: everything the command line offers is a row here.

#include "cli/command.h"
#include "cli/commands/all.h"

namespace omenia::cli {

namespace {

constexpr Option root_rows[] = {
    {"--dev", "", "Use the development profile: its own state in ~/.OmeniaClaw-dev, port 19001"},
    {"--profile", "<name>", "Use a named profile: its own state in ~/.OmeniaClaw-<name>"},
    {"--log-level", "<level>", "silent, fatal, error, warn, info, debug or trace"},
    {"--no-color", "", "Plain output"},
    {"--json", "", "One JSON document instead of text"},
    {"-V,--version", "", "Show the version"},
    {"-h,--help", "", "Show help"},
};

constexpr Option gateway_rows[] = {
    {"--url", "<ws-url>", "Another gateway; takes its credentials from --token or --password only"},
    {"--port", "<n>", "A gateway on this machine at another port"},
    {"--token", "<token>", "Gateway token"},
    {"--password", "<password>", "Gateway password"},
    {"--timeout", "<ms>", "How long an answer may take"},
    {"--expect-final", "", "Wait for the last response of a method that sends two"},
};

constexpr Option run_options[] = {
    {"--port", "<n>", "Port to serve (default: OmeniaClaw_GATEWAY_PORT, gateway.port, 18789)"},
    {"--bind", "<mode>", "loopback, lan, tailnet, auto or custom (default: gateway.bind, loopback)"},
    {"--token", "<token>", "Shared token of this run"},
    {"--password", "<password>", "Shared password of this run; visible in process listings"},
    {"--password-file", "<path>", "Read the shared password of this run from a file"},
    {"--auth", "<mode>", "none, token, password or trusted-proxy"},
    {"--verbose", "", "Show debug lines and WebSocket traffic on the terminal"},
    {"--allow-unconfigured", "", "Start without gateway.mode=local in the configuration"},
    {"--force", "", "Replace whatever holds the port: another gateway hands over, a stranger is ended"},
    {"--announce", "", ""},
};

constexpr Option restart_options[] = {
    {"--supervisor", "", "Replace the supervisor too, by the program on disk; needed after an upgrade"},
    {"--wait-ms", "<ms>", "How long to wait until the new worker serves (60000)"},
};

constexpr Option status_options[] = {
    {"--require-rpc", "", "Fail unless a request that needs the read scope is answered"},
    {"--no-probe", "", "Do not contact the gateway"},
    {"--deep", "", "Also look for other services (not available in this release)"},
};

constexpr Option overview_options[] = {
    {"--all", "", "Everything, as a report to paste; without secrets"},
    {"--deep", "", "Also ask for a fresh health check"},
};

constexpr Option call_options[] = {{"--params", "<json>", "The method's parameters, a JSON object"}};
constexpr Option fresh_options[] = {{"--verbose", "", "Ask for a fresh check instead of the last one"}};

constexpr Option logs_options[] = {
    {"--follow", "", "Go on with new lines as they come"},
    {"--limit", "<n>", "At most so many lines (200)"},
    {"--max-bytes", "<n>", "At most so many bytes (250000)"},
    {"--interval", "<ms>", "Pause between two looks with --follow (1000)"},
    {"--plain", "", "No colours"},
    {"--utc", "", "Times in UTC"},
    {"--local-time", "", "Times of this machine (the default)"},
};

constexpr Option agent_options[] = {
    {"-m,--message", "<text>", "What to say to the agent"},
    {"--message-file", "<path>", "Read the message from a file; - is standard input"},
    {"--agent", "<id>", "Which agent (default: the default agent)"},
    {"--session-key", "<key>", "Go on with this session"},
    {"--session-id", "<id>", "Go on with the session of this id"},
    {"--model", "<provider/model>", "Another model for this run"},
    {"--timeout", "<s>", "How long the run may take, in seconds (600)"},
};

constexpr Option setup_options[] = {
    {"--baseline", "", "Write the configuration without asking anything"},
    {"--non-interactive", "", "Ask nothing"},
    {"--accept-risk", "", "Agree that agents act on this machine with your rights"},
    {"--gateway-port", "<n>", "gateway.port"},
    {"--gateway-bind", "<mode>", "gateway.bind"},
    {"--gateway-auth", "<mode>", "token or password"},
    {"--gateway-token", "<token>", "gateway.auth.token instead of a generated one"},
    {"--workspace", "<path>", "Working folder of the agents"},
};

constexpr Option set_options[] = {
    {"--strict-json", "", "The value must be JSON; without this, other text is taken as a string"},
    {"--dry-run", "", "Check, and write nothing"},
};
constexpr Option unset_options[] = {{"--dry-run", "", "Check, and write nothing"}};

constexpr Option patch_options[] = {
    {"--file", "<path>", "Read the patch from a file"},
    {"--stdin", "", "Read the patch from standard input"},
    {"--replace-path", "<path>", "This list may lose elements"},
    {"--dry-run", "", "Check, and write nothing"},
};
constexpr Option explain_options[] = {
    {"--port", "<n>", "As if the gateway were started with this port"},
    {"--bind", "<mode>", "As if it were started with this bind mode"},
    {"--auth", "<mode>", "As if it were started with this mode"},
};

constexpr Positional patch_positional[] = {{"patch", false}};
constexpr Positional version_positional[] = {{"version"}};
constexpr Positional path_positional[] = {{"path"}};
constexpr Positional path_and_value[] = {{"path"}, {"value"}};
constexpr Positional method_positional[] = {{"method"}};
constexpr Positional request_positional[] = {{"request"}};
constexpr Positional device_positional[] = {{"device"}};
constexpr Positional device_and_name[] = {{"device"}, {"name"}};
constexpr Positional node_positional[] = {{"node"}};
constexpr Positional node_and_name[] = {{"node"}, {"name"}};
constexpr Positional node_and_command[] = {{"node"}, {"command"}};
constexpr Option role_options[] = {{"--role", "<role>", "operator or node (operator)"}};
constexpr Option invoke_options[] = {
    {"--params", "<json>", "The command's parameters"},
    {"--invoke-timeout", "<ms>", "How long the node may take (30000)"},
};

constexpr Command rows[] = {
    {"setup", "Make this machine ready: configuration, token, workspace", Needs::config, run_setup, setup_options},
    {"gateway", "Run the gateway in the foreground, or look at a running one", Needs::config, run_gateway, run_options},
    {"gateway run", "Run the gateway in the foreground", Needs::config, run_gateway, run_options},
    {"gateway restart", "Replace the running gateway's worker; the port stays open", Needs::paths, run_gateway_restart,
     restart_options},
    {"gateway status", "Service, address, connectivity", Needs::gateway, run_gateway_status, status_options},
    {"gateway call", "Call a method of the gateway", Needs::gateway, run_gateway_call, call_options, method_positional},
    {"gateway health", "Is the gateway healthy?", Needs::gateway, run_gateway_health},
    {"status", "Overview of gateway, agents and sessions", Needs::gateway, run_status, overview_options},
    {"health", "The gateway's health in detail", Needs::gateway, run_health, fresh_options},
    {"logs", "The gateway's log", Needs::gateway, run_logs, logs_options},
    {"agent", "Send a message to an agent and show the answer", Needs::gateway, run_agent, agent_options},
    {"devices", "Clients that are paired with the gateway", Needs::config, nullptr},
    {"devices list", "Paired devices, and those that wait for approval", Needs::gateway, run_devices_list},
    {"devices approve", "Let a waiting device in", Needs::gateway, run_devices_approve, {}, request_positional},
    {"devices reject", "Forget a device's request", Needs::gateway, run_devices_reject, {}, request_positional},
    {"devices remove",
     "Unpair a device and close its connections",
     Needs::gateway,
     run_devices_remove,
     {},
     device_positional},
    {"devices rotate", "Replace a device's token", Needs::gateway, run_devices_rotate, role_options, device_positional},
    {"devices revoke", "Take a device's token away", Needs::gateway, run_devices_revoke, role_options,
     device_positional},
    {"devices rename", "Give a device a name", Needs::gateway, run_devices_rename, {}, device_and_name},
    {"nodes", "Machines that lend the gateway their commands", Needs::config, nullptr},
    {"nodes list", "Nodes, and what they may be asked to do", Needs::gateway, run_nodes_list},
    {"nodes describe", "One node", Needs::gateway, run_nodes_describe, {}, node_positional},
    {"nodes approve", "Let a node's commands be called", Needs::gateway, run_nodes_approve, {}, request_positional},
    {"nodes reject", "Forget a node's request", Needs::gateway, run_nodes_reject, {}, request_positional},
    {"nodes remove", "Take a node's commands back", Needs::gateway, run_nodes_remove, {}, node_positional},
    {"nodes rename", "Give a node a name", Needs::gateway, run_nodes_rename, {}, node_and_name},
    {"nodes invoke", "Have a node run a command", Needs::gateway, run_nodes_invoke, invoke_options, node_and_command},
    {"config", "Read and change the configuration", Needs::paths},
    {"config file", "Where the configuration is", Needs::paths, run_config_file},
    {"config get", "Show a value; secrets are hidden", Needs::config, run_config_get, {}, path_positional},
    {"config set", "Change a value", Needs::config, run_config_set, set_options, path_and_value},
    {"config unset", "Remove a value", Needs::config, run_config_unset, unset_options, path_positional},
    {"config patch", "Merge a JSON5 patch; null removes a key", Needs::config, run_config_patch, patch_options,
     patch_positional},
    {"config plan", "What the file changes, and what that takes", Needs::gateway, run_config_plan},
    {"config explain", "A value, where it comes from, and what it means", Needs::config, run_config_explain,
     explain_options, path_positional},
    {"config schema", "The JSON Schema of the configuration", Needs::paths, run_config_schema},
    {"config history", "Versions that are kept", Needs::config, run_config_history},
    {"config restore", "Go back to a kept version", Needs::config, run_config_restore, {}, version_positional},
    {"config validate", "Check the configuration", Needs::config, run_config_validate},
};

}  // namespace

std::span<const Command> command_table() {
  return rows;
}

std::span<const Option> root_options() {
  return root_rows;
}

std::span<const Option> gateway_options() {
  return gateway_rows;
}

}  // namespace omenia::cli
