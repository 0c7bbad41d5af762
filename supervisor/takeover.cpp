#include "supervisor/takeover.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <set>
#include <thread>
#include <utility>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "shared/log/line.h"
#include "shared/os/local_socket.h"
#include "shared/os/process.h"
#include "shared/protocol/command.h"

namespace omenia::supervisor {

namespace {

// It stops with the short time of a stop; only what does not obey even then takes longer.
constexpr int lock_wait_ms = limits::stop_escalate_ms + limits::worker_leave_ms_max;

std::set<int> ports_of(const Launch& launch) {
  std::set<int> ports;
  for (const ListenAddress& address : launch.listen) ports.insert(address.port);
  return ports;
}

std::string handover_request(const Launch& launch) {
  JsonWriter request;
  request.begin_object().member("type", "handover").member("protocol", command_protocol).key("ports").begin_array();
  for (const int port : ports_of(launch)) request.value(port);
  return request.end_array().end_object().take();
}

// What the supervisor of our state directory gives us; nothing when there is none, or when it does not.
std::vector<Listener> ask_for_sockets(const Launch& launch, const Logger& log) {
  auto socket = connect_local(command_socket_path(launch.state_dir));
  if (!socket.ok()) return {};
  const auto peer = peer_of(socket.value().get());
  if (!peer.ok() || peer.value().user != ::geteuid()) return {};
  std::vector<Listener> sockets;
  bool handed = false;
  std::string problem;
  const auto hear = [&](JsonView answer, ControlChannel& channel) {
    const std::string_view type = answer["type"].text();
    if (type == "socket") {
      auto listener = Listener::adopt(channel.take_descriptor());
      if (listener.ok()) sockets.push_back(std::move(listener).value());
      return false;
    }
    handed = type == "handed";
    problem = answer["text"].text();
    return true;
  };
  const auto asked = ask_supervisor(std::move(socket).value(), handover_request(launch), limits::handover_ms_max, hear);
  const std::string who = "the gateway of this state directory (pid " + std::to_string(peer.value().pid) + ")";
  if (handed) {
    log.info("force: " + who + " handed over its port; it finishes what it has and leaves");
    return sockets;
  }
  log.warn("force: " + who + " does not hand over: " + (asked.ok() ? problem : asked.error().message));
  return {};
}

std::vector<PortHolder> holders_of(const Launch& launch) {
  std::vector<PortHolder> holders;
  for (const int port : ports_of(launch))
    for (PortHolder& holder : holders_of_port(port)) holders.push_back(std::move(holder));
  return holders;
}

std::string name_of(const PortHolder& holder) {
  return "pid " + std::to_string(holder.pid) + " (" + printable(holder.command) + ")";
}

Error cannot_free(const Launch& launch, const std::string& cause) {
  return fail(ErrorCode::port_in_use, "Could not free port " + std::to_string(launch.listen.front().port) + ": " +
                                          cause + ". Run OmeniaClaw gateway status --deep to inspect the listener.");
}

// The first process is the service manager itself, or a container's: that is for its operator to end.
Result<void> check_are_ours_to_end(const Launch& launch, const std::vector<PortHolder>& holders) {
  for (const PortHolder& holder : holders)
    if (holder.pid <= 1 || !is_own_process(holder.pid))
      return cannot_free(launch, "it is held by a process of user " + holder.user +
                                     (holder.pid == 0 ? "" : ", " + name_of(holder)) + ", which we may not end");
  return {};
}

// They are looked for again before each signal: a process id may have got another process meanwhile.
Result<void> signal_holders(const Launch& launch, int number) {
  const std::vector<PortHolder> holders = holders_of(launch);
  TRY(check_are_ours_to_end(launch, holders));
  for (const PortHolder& holder : holders)
    if (holder.pid != ::getpid() && ::kill(holder.pid, number) != 0 && errno != ESRCH)
      return cannot_free(launch, name_of(holder) + " cannot be ended: " + std::strerror(errno));
  return {};
}

bool is_free_within(const Launch& launch, int wait_ms) {
  const std::int64_t deadline_ms = steady_ms() + wait_ms;
  while (!holders_of(launch).empty()) {
    if (steady_ms() >= deadline_ms) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(limits::stranger_end_poll_ms));
  }
  return true;
}

Result<void> end_holders(const Launch& launch, const Logger& log) {
  const std::vector<PortHolder> holders = holders_of(launch);
  if (holders.empty()) return {};
  const std::string port = std::to_string(launch.listen.front().port);
  TRY(signal_holders(launch, SIGTERM));
  if (!is_free_within(launch, limits::stranger_end_grace_ms)) {
    log.warn("force: escalated to SIGKILL while freeing port " + port);
    TRY(signal_holders(launch, SIGKILL));
    if (!is_free_within(launch, limits::stranger_end_ms_max))
      return cannot_free(launch, name_of(holders.front()) + " does not end");
  }
  for (const PortHolder& holder : holders)
    log.warn("force: killed pid " + std::to_string(holder.pid) + " (" + printable(holder.command) + ") on port " +
             port);
  return {};
}

}  // namespace

Result<TakenOver> take_over(const Launch& launch, const Logger& log) {
  TakenOver taken;
  taken.listeners = ask_for_sockets(launch, log);
  if (!taken.listeners.empty()) {
    taken.lock_wait_ms = lock_wait_ms;
    return taken;
  }
  TRY(end_holders(launch, log));
  return taken;
}

}  // namespace omenia::supervisor
