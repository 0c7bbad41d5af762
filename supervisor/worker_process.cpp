#include "supervisor/worker_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "shared/base/utf8.h"
#include "shared/base/version.h"
#include "shared/json/shape.h"
#include "shared/json/writer.h"
#include "shared/os/document.h"

namespace omenia::supervisor {

namespace {

constexpr Field refusal_fields[] = {
    {.name = "type", .type = JsonType::text, .required = true},
    {.name = "message", .type = JsonType::text, .required = true},
    {.name = "exit", .type = JsonType::integer, .required = true, .min = 1, .max = 255},
};
constexpr Shape refusal_shape{refusal_fields};

struct MessageRow {
  std::string_view type;
  Event event;
};
constexpr MessageRow message_rows[] = {
    {"ready", Event::ready},     {"refused", Event::refused}, {"heartbeat", Event::heartbeat},
    {"drained", Event::drained}, {"swapWanted", Event::swap},
};

// A client's words go into the service manager's lines, and begin none of their own.
std::string one_line(std::string_view text) {
  constexpr std::size_t bytes_max = 200;
  std::string line(utf8_prefix(text, bytes_max));
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return line;
}

Fact fact_of(Event event, JsonView message) {
  if (event == Event::swap) return {.text = "asked for by a client: " + one_line(message["reason"].text())};
  if (event != Event::refused) return {};
  if (const std::string problems = problems_of(message, refusal_shape); !problems.empty())
    return {"the worker refused to start, and its refusal is malformed: " + problems, 1};
  return {std::string(message["message"].text()), static_cast<int>(message["exit"].integer())};
}

Error failure(const char* doing) {
  return fail(ErrorCode::system, std::string(doing) + ": " + std::strerror(errno));
}

// The worker leaves on our word alone: a service manager or a terminal that signals every process of the group must not
// end it under its runs.
ChildPlan plan_for(const Launch& launch, const std::vector<Listener>& listeners, int document, int control,
                   int nothing_to_read) {
  ChildPlan plan;
  plan.program = launch.worker_path;
  plan.descriptors = {{nothing_to_read, STDIN_FILENO}, {document, launch_descriptor}, {control, control_descriptor}};
  int number = first_listen_descriptor;
  for (const Listener& listener : listeners) plan.descriptors.push_back({listener.fd(), number++});
  plan.ignored_signals = {SIGTERM, SIGINT, SIGHUP};
  plan.own_group = true;
  plan.dies_with_parent = true;
  return plan;
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(Context& context, const Launch& launch,
                                                            const std::vector<Listener>& listeners, int generation,
                                                            Told told) {
  TRY_ASSIGN(const Fd document, document_of(launch.to_json()));
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return failure("cannot make a control channel");
  Fd ours(ends[0]);
  const Fd theirs(ends[1]);
  const Fd nothing_to_read(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!nothing_to_read.valid()) return failure("cannot open /dev/null");
  TRY_ASSIGN(const pid_t pid,
             spawn_child(plan_for(launch, listeners, document.get(), theirs.get(), nothing_to_read.get())));
  std::unique_ptr<WorkerProcess> worker(new WorkerProcess(context, generation, pid, std::move(ours), std::move(told)));
  worker->greet();
  return worker;
}

std::unique_ptr<WorkerProcess> WorkerProcess::adopt(Context& context, const Succession::Worker& left, Told told) {
  Fd control(left.control);
  ::fcntl(control.get(), F_SETFD, FD_CLOEXEC);
  std::unique_ptr<WorkerProcess> worker(
      new WorkerProcess(context, left.generation, left.pid, std::move(control), std::move(told)));
  worker->greeted_ = true;
  worker->store_generation_ = left.store_generation;
  return worker;
}

WorkerProcess::WorkerProcess(Context& context, int generation, pid_t pid, Fd control, Told told)
    : log_(context.log.logger("supervisor")),
      generation_(generation),
      pid_(pid),
      told_(std::move(told)),
      control_(
          context.loop, std::move(control), [this](JsonView message) { hear(message); },
          [this](std::string reason) { hear_end(std::move(reason)); }) {}

void WorkerProcess::greet() {
  JsonWriter hello;
  hello.begin_object()
      .member("type", "hello")
      .member("protocol", control_protocol)
      .member("version", version)
      .member("generation", generation_)
      .end_object();
  control_.send(hello.text());
}

WorkerProcess::~WorkerProcess() {
  kill();
  while (running_ && ::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

Succession::Worker WorkerProcess::leave() const {
  Succession::Worker left;
  left.pid = pid_;
  left.generation = generation_;
  left.store_generation = store_generation_;
  left.control = control_.descriptor();
  return left;
}

std::string WorkerProcess::name() const {
  return "worker " + std::to_string(generation_) + " (pid " + std::to_string(pid_) + ")";
}

void WorkerProcess::tell_drain(const DrainOrder& order) {
  JsonWriter drain;
  drain.begin_object().member("type", "drain").member("deadlineMs", order.deadline_ms).member("swap", order.swap);
  drain.member("reason", order.swap ? "gateway restarting" : "gateway stopping");
  if (order.swap) drain.member("restartExpectedMs", limits::swap_restart_expected_ms);
  control_.send(drain.end_object().text());
}

void WorkerProcess::tell_peer(std::int64_t generation, Fd relay) {
  JsonWriter peer;
  peer.begin_object().member("type", "peer").member("generation", generation).end_object();
  control_.send(peer.text(), std::move(relay));
}

void WorkerProcess::tell_gone(std::int64_t generation) {
  JsonWriter gone;
  gone.begin_object().member("type", "gone").member("generation", generation).end_object();
  control_.send(gone.text());
}

void WorkerProcess::tell_swap_failed(const std::string& reason) {
  JsonWriter failed;
  failed.begin_object().member("type", "swapFailed").member("reason", reason).end_object();
  control_.send(failed.text());
}

void WorkerProcess::tell_plan() {
  control_.send(R"({"type":"plan"})");
}

void WorkerProcess::tell_apply() {
  control_.send(R"({"type":"apply"})");
}

void WorkerProcess::tell_stop() {
  control_.send(R"({"type":"stop"})");
}

void WorkerProcess::kill() {
  if (running_) ::kill(pid_, SIGKILL);
}

void WorkerProcess::capture() {
  if (running_) ::kill(pid_, SIGUSR2);
}

std::optional<ChildEnd> WorkerProcess::take_end() {
  if (!running_) return std::nullopt;
  auto end = reap_child(pid_);
  if (!end) return std::nullopt;
  running_ = false;
  control_.read_pending();
  return end;
}

void WorkerProcess::hear(JsonView message) {
  if (!greeted_) return hear_hello(message);
  const std::string_view type = message["type"].text();
  if (type == "ready") store_generation_ = message["generation"].integer();
  for (const MessageRow& row : message_rows)
    if (row.type == type) return tell(row.event, fact_of(row.event, message));
  if (type == "planned" || type == "applied") return told_.answer(message);
  log_.warn(name() + " sent a message of unknown type '" + std::string(type) + "'; ignoring");
}

// A copy, since what is told may end this object.
void WorkerProcess::tell(Event event, Fact fact) {
  const auto told = told_.event;
  told(event, std::move(fact));
}

void WorkerProcess::hear_end(std::string reason) {
  if (reason != control_closed) log_.error(name() + ": " + reason);
  tell(Event::lost, {.text = std::move(reason)});
}

void WorkerProcess::hear_hello(JsonView message) {
  greeted_ = true;
  const bool is_hello = message["type"].text() == "hello";
  if (is_hello && message["protocol"].integer() == control_protocol) return;
  const std::string theirs = is_hello ? "is of release " + std::string(message["version"].text("unknown")) +
                                            " and speaks control protocol " + message["protocol"].dump()
                                      : std::string("did not say hello");
  tell(Event::refused, {"Gateway failed to start: the worker " + theirs + "; this supervisor is of release " + version +
                            " and speaks control protocol " + std::to_string(control_protocol) +
                            ". Install one release completely, then restart the gateway.",
                        1});
}

}  // namespace omenia::supervisor
