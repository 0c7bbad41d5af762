// agent: sends one message and shows the answer as it is written. Ctrl-C after the gateway has accepted the message
// stops the run there too. When the gateway restarts meanwhile, the command connects again and waits for the same run.

#include <csignal>

#include <fstream>
#include <iterator>

#include "cli/commands/agent_text.h"
#include "cli/commands/all.h"
#include "cli/dial.h"
#include "cli/failure.h"
#include "cli/interrupts.h"
#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

constexpr int exit_signal_base = 128;
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
    return fail(ErrorCode::usage,
                "The message is larger than " + std::to_string(limits::message_bytes_max) + " bytes.");
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

// One message and its answer, over as many connections as it takes.
class Conversation {
 public:
  Conversation(Context& context, const Arguments& arguments, Turn turn, std::string params)
      : context_(context), arguments_(arguments), turn_(std::move(turn)), params_(std::move(params)) {}

  int run();  // The exit code.

 private:
  bool start();  // Connects and sends the request; false when that failed and was told.
  void show(std::string_view piece);
  int stop();
  int lose(const Error& error);
  int give_up();       // The exit code when there is no connection any more.
  void warn_of_run();  // Says that the gateway may go on alone.
  int end(const Answer& answer);

  Context& context_;
  const Arguments& arguments_;
  Turn turn_;
  std::string params_;
  Interrupts interrupts_;
  AgentText text_;
  std::optional<Connection> connection_;
  std::string request_;  // Its id.
};

bool Conversation::start() {
  Identity identity = command_identity(scope_for(turn_.message));
  identity.caps = {"delta-text"};
  connection_ = dial(context_, arguments_, {"agent", identity, limits::command_timeout_ms, interrupts_.descriptor()});
  if (!connection_) return false;
  connection_->client.on_event = [this](std::string_view name, JsonView payload) {
    if (name == "agent" && payload["runId"].text() == turn_.run_id) show(text_.add(payload));
  };
  request_ = connection_->client.start("agent", params_);
  return true;
}

void Conversation::show(std::string_view piece) {
  if (context_.output.json || piece.empty()) return;
  context_.output.text(context_.output.terminal ? for_terminal(piece) : piece);
}

int Conversation::run() {
  if (!start()) return give_up();
  while (true) {
    const auto response = connection_->client.next_response(request_, turn_.deadline_steady_ms);
    if (!response.ok()) {
      const bool restarting = turn_.accepted && connection_->client.restarting();
      if (!restarting) return lose(response.error());
      if (!start()) return give_up();  // The key is the same, and so is the run.
      continue;
    }
    if (!response.value()) return stop();
    const Answer& answer = *response.value();
    if (!answer.ok || answer.payload["status"].text() != "accepted") return end(answer);
    turn_.accepted = true;
    turn_.session_key = answer.payload["sessionKey"].text();
  }
}

int Conversation::stop() {
  const int signal = interrupts_.take();
  connection_->client.acknowledge_interrupt();
  show(text_.finish({}));
  if (turn_.accepted) {
    JsonWriter params;
    params.begin_object().member("sessionKey", turn_.session_key).member("runId", turn_.run_id).end_object();
    const auto answer = connection_->client.call("chat.abort", params.text(), deadline_after(abort_ms_max));
    if (answer.ok() && answer.value().ok) {
      context_.output.note("Stopped.");
    } else {
      warn_of_run();
    }
  }
  return exit_signal_base + signal;
}

int Conversation::lose(const Error& error) {
  show(text_.finish({}));
  complain_lost(context_, connection_->target, error);
  return give_up();
}

int Conversation::give_up() {
  warn_of_run();
  const int signal = interrupts_.take();
  return signal == 0 ? 1 : exit_signal_base + signal;
}

void Conversation::warn_of_run() {
  if (turn_.accepted)
    context_.output.note("The gateway had accepted the message: the run " + turn_.run_id + " may still be going on.");
}

int Conversation::end(const Answer& answer) {
  if (context_.output.json) context_.output.line(agent_document(answer, turn_.run_id));
  show(text_.finish(answer.payload["result"]["payloads"]));
  if (answer.ok) return 0;
  if (!context_.output.json) complain_refused(context_, answer.error, "Agent run failed: ");
  return 1;
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
  std::string params = params_of(arguments, turn, timeout_seconds);
  return Conversation(context, arguments, std::move(turn), std::move(params)).run();
}

}  // namespace omenia::cli
