#include "supervisor/listener.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "shared/base/clock.h"
#include "shared/log/line.h"
#include "shared/os/process.h"
#include "supervisor/socket_address.h"

namespace omenia::supervisor {

namespace {

std::string url_of(const ListenAddress& address) {
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return "ws://" + (is_v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

Error bind_failure(const ListenAddress& address, const std::string& cause) {
  return fail(ErrorCode::system, "failed to bind gateway socket on " + url_of(address) + ": " + cause);
}

Error taken(const ListenAddress& address) {
  return fail(ErrorCode::port_in_use,
              "Gateway failed to start: another gateway instance is already listening on " + url_of(address));
}

Error with_diagnosis(Error error, int port) {
  error.message.append("\n").append(row_of(ErrorCode::already_running).hint);
  const std::string diagnosis = port_diagnosis(port);
  error.message += "\n" + (diagnosis.empty() ? "Port " + std::to_string(port) + " is already in use." : diagnosis);
  return error;
}

Result<std::vector<Listener>> open_all(const std::vector<ListenAddress>& addresses) {
  std::vector<Listener> listeners;
  for (const ListenAddress& address : addresses) {
    TRY_ASSIGN(auto listener, Listener::open(address));
    listeners.push_back(std::move(listener));
  }
  return listeners;
}

}  // namespace

Result<Listener> Listener::open(const ListenAddress& address) {
  const auto where = SocketAddress::of(address);
  if (!where) return bind_failure(address, "the host is not a numeric address");
  Fd fd(::socket(where->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return bind_failure(address, std::strerror(errno));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (where->family() == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  const bool listening =
      ::bind(fd.get(), where->get(), where->length) == 0 && ::listen(fd.get(), limits::listen_backlog) == 0;
  if (listening) return Listener(std::move(fd));
  if (errno == EADDRINUSE) return taken(address);
  return bind_failure(address, std::strerror(errno));
}

int Listener::port() const {
  SocketAddress bound;
  bound.length = sizeof bound.storage;
  ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&bound.storage), &bound.length);
  // The port lies at the same place for both families.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound.storage)->sin_port);
}

Result<std::vector<Listener>> open_listeners(const std::vector<ListenAddress>& addresses, int retry_ms) {
  const std::int64_t deadline_ms = steady_ms() + retry_ms;
  for (;;) {
    auto listeners = open_all(addresses);
    if (listeners.ok() || listeners.error().code != ErrorCode::port_in_use) return listeners;
    if (steady_ms() >= deadline_ms) return with_diagnosis(std::move(listeners).error(), addresses.front().port);
    std::this_thread::sleep_for(std::chrono::milliseconds(limits::listen_retry_poll_ms));
  }
}

std::string port_diagnosis(int port) {
  const auto holders = holders_of_port(port);
  if (holders.empty()) return "";
  std::string text = "Port " + std::to_string(port) + " is already in use.";
  for (const PortHolder& holder : holders)
    text += "\n- pid " + (holder.pid == 0 ? "unknown" : std::to_string(holder.pid)) + " " + holder.user + ": " +
            printable(holder.command) + " (" + holder.address + ")";
  return text;
}

}  // namespace omenia::supervisor
