// health: what the gateway says about itself, one line a fact. Fields that a gateway leaves out have no line.

#include <cmath>

#include "cli/commands/all.h"
#include "cli/commands/health_text.h"
#include "cli/dial.h"
#include "shared/base/clock.h"

namespace omenia::cli {

namespace {

std::string rounded(JsonView number) {
  return std::to_string(std::llround(number.number()));
}

std::string percent(JsonView ratio) {
  return std::to_string(std::llround(ratio.number() * 100)) + "%";
}

std::string event_loop_line(JsonView loop) {
  std::string line = loop["degraded"].boolean() ? "Gateway event loop: degraded" : "Gateway event loop: ok";
  if (loop["delayMaxMs"]) line += " max=" + rounded(loop["delayMaxMs"]) + "ms";
  if (loop["delayP99Ms"]) line += " p99=" + rounded(loop["delayP99Ms"]) + "ms";
  if (loop["utilization"]) line += " util=" + percent(loop["utilization"]);
  if (loop["cpuCoreRatio"]) line += " cpu=" + percent(loop["cpuCoreRatio"]);
  return line;
}

std::string agents_line(JsonView agents) {
  std::string line = "Agents:";
  for (JsonView agent = agents.first(); agent; agent = agent.next()) {
    line += (line.back() == ':' ? " " : ", ") + std::string(agent["agentId"].text());
    if (agent["isDefault"].boolean()) line += " (default)";
  }
  return line;
}

}  // namespace

std::vector<std::string> health_lines(JsonView health, std::int64_t round_trip_ms) {
  std::vector<std::string> lines;
  if (health["eventLoop"].is_object()) lines.push_back(event_loop_line(health["eventLoop"]));
  lines.push_back("Gateway probe duration: " + std::to_string(round_trip_ms) + "ms");
  for (JsonView channel = health["channels"].first(); channel; channel = channel.next()) {
    const std::string_view label = health["channelLabels"][channel.name()].text(channel.name());
    lines.push_back(std::string(label) + ": " + (channel["running"].boolean() ? "running" : "not running"));
  }
  if (health["agents"].size() > 0) lines.push_back(agents_line(health["agents"]));
  const JsonView sessions = health["sessions"];
  if (sessions.is_object()) {
    lines.push_back("Session store (" + std::string(health["defaultAgentId"].text("main")) +
                    "): " + std::string(sessions["path"].text("-")) + " (" +
                    std::to_string(sessions["count"].integer()) + " entries)");
  }
  return lines;
}

int run_health(Context& context, const Arguments& arguments) {
  auto connection = dial(context, arguments, {"health", command_identity("operator.read")});
  if (!connection) return 1;
  const std::int64_t start_ms = steady_ms();
  const auto health = ask(context, *connection, "health", arguments.flag("--verbose") ? R"({"probe":true})" : "");
  if (!health) return 1;
  if (context.output.json) {
    context.output.line(health->dump());
    return 0;
  }
  for (const std::string& line : health_lines(*health, steady_ms() - start_ms)) context.output.line(for_terminal(line));
  return 0;
}

}  // namespace omenia::cli
