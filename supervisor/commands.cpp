#include "supervisor/commands.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "shared/base/limits.h"
#include "shared/base/passing_error.h"
#include "shared/json/writer.h"
#include "shared/os/local_socket.h"

namespace omenia::supervisor {

namespace {

std::string refusal(std::string_view text) {
  JsonWriter refused;
  return refused.begin_object().member("type", "refused").member("text", text).end_object().take();
}

bool is_leaving(State state) {
  return state == State::draining || state == State::ending || state == State::ended;
}

bool is_settled(const Standing& standing) {
  if (standing.renewing) return false;
  return standing.state == State::held || (standing.state == State::serving && !standing.swap_wanted);
}

std::string end_of_restart(const Standing& now, const std::string& replaced_worker, bool is_degraded) {
  const bool ok = now.state == State::serving && now.worker != replaced_worker;
  std::string text = ok ? now.worker + " serves" : now.state == State::held ? "the gateway is held" : now.problem;
  if (ok && is_degraded) text += ", degraded: with the last good configuration, since the file cannot be used";
  JsonWriter end;
  end.begin_object().member("type", "restarted").member("ok", ok).member("worker", now.worker);
  return end.member("text", text).end_object().take();
}

bool has_port(JsonView ports, int port) {
  for (JsonView item = ports.first(); item; item = item.next())
    if (item.integer() == port) return true;
  return false;
}

}  // namespace

Commands::Commands(Context& context, Asked asked)
    : context_(context),
      asked_(std::move(asked)),
      log_(context.log.logger("supervisor")),
      accept_again_(context.loop, [this] { accept_on(); }) {
  auto socket = listen_local(command_socket_path(context.launch.state_dir));
  if (!socket.ok()) {
    log_.warn("gateway restart and --force will not find this gateway: " + socket.error().message);
    return;
  }
  socket_ = std::move(socket).value();
  accept_on();
}

Commands::~Commands() {
  if (socket_.valid()) ::unlink(command_socket_path(context_.launch.state_dir).c_str());
}

void Commands::accept_on() {
  arriving_ = std::make_unique<Watch>(context_.loop, socket_.get(), Watch::For::reading, [this] { accept_one(); });
}

void Commands::accept_one() {
  Fd accepted(::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted.valid() && is_shortage(errno)) {
    arriving_.reset();
    return accept_again_.start(limits::held_accept_pause_ms);
  }
  if (!accepted.valid()) return;
  const auto peer = peer_of(accepted.get());
  if (!peer.ok() || (peer.value().user != ::geteuid() && peer.value().user != 0))
    return log_.warn("another user's process asked for a command; not answering");
  if (callers_.size() >= limits::command_callers_max)
    return log_.warn("too many commands at once; not answering one more");
  add_caller(std::move(accepted), peer.value().pid);
}

Commands::Caller& Commands::add_caller(Fd socket, pid_t pid) {
  Caller& caller = callers_.emplace_back();
  caller.pid = pid;
  caller.channel = std::make_unique<ControlChannel>(
      context_.loop, std::move(socket), [this, &caller](JsonView message) { hear(caller, message); },
      [this, &caller](const std::string&) { forget(&caller); });
  return caller;
}

void Commands::adopt(const std::vector<Succession::Caller>& callers) {
  for (const Succession::Caller& left : callers) {
    ::fcntl(left.socket, F_SETFD, FD_CLOEXEC);
    Caller& caller = add_caller(Fd(left.socket), left.pid);
    caller.waits = true;
    caller.replaced_worker = left.replaced_worker;
  }
}

// Those that wait for nothing are cut off, and may come again.
std::optional<std::vector<Succession::Caller>> Commands::leave() const {
  std::vector<Succession::Caller> waiting;
  for (const Caller& caller : callers_) {
    if (!caller.waits) continue;
    if (!caller.channel->idle()) return std::nullopt;
    waiting.push_back({caller.pid, caller.channel->descriptor(), caller.replaced_worker});
  }
  return waiting;
}

void Commands::renewal_failed(const std::string& problem) {
  JsonWriter end;
  end.begin_object().member("type", "restarted").member("ok", false).member("worker", "");
  end.member("text", "the supervisor is not replaced: " + problem).end_object();
  for (Caller& caller : callers_)
    if (std::exchange(caller.wants_renewal, false) && std::exchange(caller.waits, false))
      caller.channel->send(end.text());
}

void Commands::hear(Caller& caller, JsonView message) {
  const std::string_view type = message["type"].text();
  if (message["protocol"].integer() != command_protocol)
    return caller.channel->send(refusal("it is of another release; use the OmeniaClaw that it was started with"));
  if (is_leaving(asked_.standing().state)) return caller.channel->send(refusal("it is stopping"));
  if (type == "restart") return restart(caller, message["supervisor"].boolean());
  if (type == "handover") return hand_over(caller, message);
  caller.channel->send(refusal("it knows no such command"));
}

void Commands::restart(Caller& caller, bool with_supervisor) {
  caller.waits = true;
  caller.wants_renewal = with_supervisor;
  caller.replaced_worker = asked_.standing().state == State::held ? "" : asked_.standing().worker;
  if (with_supervisor) return asked_.renew();
  asked_.swap("gateway restart, pid " + std::to_string(caller.pid));
  look();
}

void Commands::look() {
  const Standing now = asked_.standing();
  if (!is_settled(now)) return;
  for (Caller& caller : callers_)
    if (std::exchange(caller.waits, false))
      caller.channel->send(end_of_restart(now, caller.replaced_worker, context_.launch.degraded));
}

// The sockets first, then the word; only then we stop, so that there is always somebody who has them.
void Commands::hand_over(Caller& caller, JsonView message) {
  const bool is_meant =
      std::any_of(context_.listeners.begin(), context_.listeners.end(),
                  [&](const Listener& listener) { return has_port(message["ports"], listener.port()); });
  if (!is_meant) return caller.channel->send(refusal("it serves another port"));
  for (const Listener& listener : context_.listeners) {
    Fd copy(::fcntl(listener.fd(), F_DUPFD_CLOEXEC, 0));
    if (!copy.valid()) return caller.channel->send(refusal(std::strerror(errno)));
    JsonWriter socket;
    socket.begin_object().member("type", "socket").member("host", listener.address().host);
    socket.member("port", listener.port()).end_object();
    caller.channel->send(socket.text(), std::move(copy));
  }
  JsonWriter handed;
  handed.begin_object().member("type", "handed").member("pid", static_cast<std::int64_t>(::getpid())).end_object();
  caller.channel->send(handed.text());
  asked_.stop("a take-over by pid " + std::to_string(caller.pid));
}

void Commands::forget(const Caller* gone) {
  callers_.remove_if([gone](const Caller& caller) { return &caller == gone; });
}

}  // namespace omenia::supervisor
