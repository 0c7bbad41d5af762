#include "supervisor/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
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
  return open(address, false);
}

Result<Listener> Listener::open(const ListenAddress& address, bool shares_port) {
  const auto where = SocketAddress::of(address);
  if (!where) return bind_failure(address, "the host is not a numeric address");
  Fd fd(::socket(where->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return bind_failure(address, std::strerror(errno));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (where->family() == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  Listener listener(std::move(fd), address);
  listener.share_port(shares_port);
  const bool listening =
      ::bind(listener.fd(), where->get(), where->length) == 0 && ::listen(listener.fd(), limits::listen_backlog) == 0;
  if (!listening && errno == EADDRINUSE) return taken(address);
  if (!listening) return bind_failure(address, std::strerror(errno));
  listener.share_port(false);
  return listener;
}

// Only while the new socket is bound, and only ours allow it: a stranger's socket on the port is still in the way.
Result<Listener> Listener::open_beside(const std::vector<Listener>& ours, const ListenAddress& address) {
  for (const Listener& listener : ours) listener.share_port(true);
  auto opened = open(address, true);
  for (const Listener& listener : ours) listener.share_port(false);
  return opened;
}

Result<Listener> Listener::duplicate() const {
  Fd copy(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy.valid()) return bind_failure(address_, std::strerror(errno));
  return Listener(std::move(copy), address_);
}

Result<Listener> Listener::adopt(Fd fd) {
  int listens = 0;
  socklen_t size = sizeof listens;
  const bool known = ::getsockopt(fd.get(), SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0;
  const auto address = known && listens != 0 ? SocketAddress::bound_to(fd.get()) : std::nullopt;
  if (!address) return fail(ErrorCode::system, "an inherited descriptor is no listening TCP socket");
  ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
  return Listener(std::move(fd), *address);
}

void Listener::share_port(bool on) const {
  const int value = on ? 1 : 0;
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEPORT, &value, sizeof value);
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

Result<std::vector<Listener>> open_listeners_beside(const std::vector<Listener>& ours,
                                                    const std::vector<ListenAddress>& addresses) {
  std::vector<Listener> listeners;
  for (const ListenAddress& address : addresses) {
    const auto same =
        std::find_if(ours.begin(), ours.end(), [&](const Listener& listener) { return listener.address() == address; });
    auto listener = same == ours.end() ? Listener::open_beside(ours, address) : same->duplicate();
    if (!listener.ok() && listener.error().code == ErrorCode::port_in_use)
      return with_diagnosis(std::move(listener).error(), address.port);
    if (!listener.ok()) return std::move(listener).error();
    listeners.push_back(std::move(listener).value());
  }
  return listeners;
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
