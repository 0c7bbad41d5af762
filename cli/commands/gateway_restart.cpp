// gateway restart: asks the supervisor of this profile for another worker, and waits until that one serves.

#include <unistd.h>

#include "cli/commands/all.h"
#include "cli/failure.h"
#include "shared/json/writer.h"
#include "shared/os/local_socket.h"
#include "shared/protocol/command.h"

namespace omenia::cli {

namespace {

constexpr int wait_ms_default = 60'000;
constexpr int wait_ms_longest = 600'000;
constexpr int exit_still_starting = 2;

struct Outcome {
  std::string_view result;  // For scripts.
  std::string text;         // For people.
  std::string worker;
  int exit_code = 1;
};

std::string restart_request(bool with_supervisor) {
  JsonWriter request;
  request.begin_object().member("type", "restart").member("protocol", command_protocol);
  return request.member("supervisor", with_supervisor).end_object().take();
}

Outcome outcome_of(JsonView answer) {
  const std::string text(answer["text"].text());
  if (answer["type"].text() == "refused") return {"refused", "The gateway does not restart: " + text + ".", ""};
  const std::string worker(answer["worker"].text());
  if (answer["ok"].boolean()) return {"restarted", "Restarted gateway: " + text + ".", worker, 0};
  return {"restart-failed", "The restart failed: " + text + "\nSee: OmeniaClaw gateway status and OmeniaClaw logs",
          worker};
}

Outcome restart(const Context& context, int wait_ms, bool with_supervisor) {
  const std::string& state_dir = context.paths.state_dir;
  auto socket = connect_local(command_socket_path(state_dir));
  if (!socket.ok() && socket.error().code == ErrorCode::unreachable)
    return {"not-running",
            "No gateway runs with the state directory " + state_dir +
                ".\nStart it with: " + context.paths.command("gateway run"),
            ""};
  if (!socket.ok()) return {"failed", "The gateway cannot be asked: " + socket.error().message, ""};
  const auto peer = peer_of(socket.value().get());
  if (!peer.ok() || (peer.value().user != ::geteuid() && ::geteuid() != 0))
    return {"failed", "The gateway of " + state_dir + " runs as another user; restart it as that one.", ""};
  Outcome outcome;
  const auto asked = ask_supervisor(std::move(socket).value(), restart_request(with_supervisor), wait_ms,
                                    [&outcome](JsonView answer, ControlChannel&) {
                                      outcome = outcome_of(answer);
                                      return true;
                                    });
  if (asked.ok()) return outcome;
  if (asked.error().code == ErrorCode::unavailable)
    return {"still-starting",
            "The new worker does not serve after " + std::to_string(wait_ms) +
                " ms; the restart goes on.\nSee: " + context.paths.command("gateway status"),
            "", exit_still_starting};
  return {"failed", "The gateway ended before the restart was done; the log says why: OmeniaClaw logs", ""};
}

std::string json_of(const Outcome& outcome) {
  JsonWriter json;
  json.begin_object().member("ok", outcome.exit_code == 0).member("action", "restart");
  json.member("result", outcome.result).member("message", outcome.text);
  if (!outcome.worker.empty()) json.member("worker", outcome.worker);
  return json.end_object().take();
}

}  // namespace

int run_gateway_restart(Context& context, const Arguments& arguments) {
  const auto wait_ms = arguments.integer("--wait-ms", 1, wait_ms_longest);
  if (!wait_ms.ok()) return complain(context, wait_ms.error());
  const Outcome outcome =
      restart(context, static_cast<int>(wait_ms.value().value_or(wait_ms_default)), arguments.flag("--supervisor"));
  if (context.output.json) {
    context.output.line(json_of(outcome));
  } else if (outcome.exit_code == 0) {
    context.output.line(outcome.text);
  } else {
    context.output.note(outcome.text);
  }
  return outcome.exit_code;
}

}  // namespace omenia::cli
