// agent: sends one message and shows the answer as it is written. Ctrl-C after the gateway has accepted the message
// stops the run there too. When the gateway restarts meanwhile, the command connects again and waits for the same run.

#include <csignal>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "cli/commands/agent_text.h"
#include "cli/commands/all.h"
#include "cli/dial.h"
#include "cli/failure.h"
#include "cli/interrupts.h"
#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

constexpr int exit_signal_base = 128;
constexpr int close_service_restart = 1012;
constexpr int abort_ms_max = 2'000;

// One run as this command sees it.
struct Turn {
  std::string message;
  std::string run_id;       // Chosen here: the idempotency key.
  std::string session_key;  // From the acceptance.
  bool accepted = false;
  std::int64_t deadline_steady_ms = 0;
};

Result<std::string> read_message_file(const std::string& path) {
  std::ifstream file(path == "-" ? "/dev/stdin" : path, std::ios::binary);
  if (!file) return fail(ErrorCode::usage, "The message file " + path + " cannot be read.");
  std::string text;
  for (std::istreambuf_iterator<char> at(file), end; at != end; ++at) {
    text += *at;
    if (text.size() > limits::message_bytes_max) break;
  }
  return text;
}

Result<std::string> message_of(const Arguments& arguments) {
  if (arguments.flag("--message") == arguments.flag("--message-file"))
    return fail(ErrorCode::usage, "Say what to send: either --message <text> or --message-file <path>.");
  std::string text = arguments.value_or("--message", "");
  if (const auto path = arguments.value("--message-file")) {
    TRY_ASSIGN(text, read_message_file(*path));
  }
  if (text.empty()) return fail(ErrorCode::usage, "The message is empty.");
  if (text.size() > limits::message_bytes_max)
    return fail(ErrorCode::usage, "The message is larger than " + std::to_string(limits::message_bytes_max) + " bytes.");
  return text;
}

std::string params_of(const Arguments& arguments, const Turn& turn, std::int64_t timeout_seconds) {
  JsonWriter writer;
  writer.begin_object().member("message", turn.message);
  const std::pair<const char*, const char*> fields[] = {
      {"--agent", "agentId"}, {"--session-key", "sessionKey"}, {"--session-id", "sessionId"}, {"--model", "model"}};
  for (const auto& [option, field] : fields)
    if (const auto value = arguments.value(option)) writer.member(field, *value);
  writer.member("deliver", false).member("timeout", timeout_seconds).member("idempotencyKey", turn.run_id);
  return writer.end_object().take();
}

// Sessions are reset by these words, which takes more than talking does.
std::string scope_for(std::string_view message) {
  return message.starts_with("/new") || message.starts_with("/reset") ? "operator.admin" : "operator.write";
}

Identity agent_identity(const Turn& turn) {
  Identity identity = command_identity(scope_for(turn.message));
  identity.caps = {"delta-text"};
  return identity;
}

int stop_run(Context& context, Connection& connection, Interrupts& interrupts, const Turn& turn) {
  const int signal = interrupts.take();
  connection.client.acknowledge_interrupt();
  if (turn.accepted) {
    JsonWriter params;
    params.begin_object().member("sessionKey", turn.session_key).member("runId", turn.run_id).end_object();
    const auto answer = connection.client.call("chat.abort", params.text(), deadline_after(abort_ms_max));
    const bool stopped = answer.ok() && answer.value().ok;
    context.output.note(stopped ? "Stopped." : "The run " + turn.run_id + " may still be going on.");
  }
  return exit_signal_base + (signal == 0 ? SIGINT : signal);
}

int tell_lost(Context& context, const Connection& connection, const Turn& turn, const Error& error) {
  const int exit_code = complain_unreachable(context, connection.target, error);
  if (turn.accepted) context.output.note("The gateway had accepted the message: the run " + turn.run_id + " may still be going on.");
  return exit_code;
}

int tell_end(Context& context, AgentText& text, const Turn& turn, const Answer& answer) {
  if (context.output.json) {
    context.output.line(agent_document(answer, turn.run_id));
  } else {
    const std::string rest = text.finish(answer.payload["result"]["payloads"]);
    context.output.text(context.output.terminal ? printable(rest) : rest);
  }
  if (answer.ok) return 0;
  if (!context.output.json) complain_refused(context, answer.error, "Agent run failed: ");
  return 1;
}

// Takes the run's responses until its end.
int follow(Context& context, const Arguments& arguments, Connection& connection, Interrupts& interrupts, Turn& turn,
           const std::string& params) {
  AgentText text;
  const auto listen = [&](GatewayClient& client) {
    client.on_event = [&](std::string_view name, JsonView payload) {
      if (name != "agent" || context.output.json || payload["runId"].text() != turn.run_id) return;
      const std::string piece = text.add(payload);
      if (!piece.empty()) context.output.text(context.output.terminal ? printable(piece) : piece);
    };
  };
  listen(connection.client);
  std::string request = connection.client.start("agent", params);
  while (true) {
    auto response = connection.client.next_response(request, turn.deadline_steady_ms);
    if (!response.ok()) {
      const bool restarting = turn.accepted && connection.client.close_code() == close_service_restart;
      if (!restarting || steady_ms() >= turn.deadline_steady_ms) return tell_lost(context, connection, turn, response.error());
      auto again = dial(context, arguments, "agent", agent_identity(turn), interrupts.descriptor());
      if (!again) return 1;
      connection = std::move(*again);
      listen(connection.client);
      request = connection.client.start("agent", params);  // Same key: the same run, not a second one.
      continue;
    }
    if (!response.value()) return stop_run(context, connection, interrupts, turn);
    const Answer& answer = *response.value();
    if (!answer.ok || answer.payload["status"].text() != "accepted") return tell_end(context, text, turn, answer);
    turn.accepted = true;
    turn.session_key = answer.payload["sessionKey"].text();
  }
}

}  // namespace

int run_agent(Context& context, const Arguments& arguments) {
  const Result<std::string> message = message_of(arguments);
  if (!message.ok()) return complain(context, message.error());
  const auto seconds = arguments.integer("--timeout", 1, limits::run_seconds_max);
  if (!seconds.ok()) return complain(context, seconds.error());
  const std::int64_t timeout_seconds = seconds.value().value_or(limits::agent_command_seconds);
  Turn turn;
  turn.message = message.value();
  turn.run_id = random_uuid();
  turn.deadline_steady_ms = deadline_after(timeout_seconds * 1000);
  Interrupts interrupts;
  auto connection = dial(context, arguments, "agent", agent_identity(turn), interrupts.descriptor());
  if (!connection) return 1;
  return follow(context, arguments, *connection, interrupts, turn, params_of(arguments, turn, timeout_seconds));
}

}  // namespace omenia::cli
