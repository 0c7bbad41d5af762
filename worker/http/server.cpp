#include "worker/http/server.h"

#include <event2/listener.h>
#include <event2/util.h>
#include <sys/socket.h>

#include <cstring>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shared/base/ensure.h"
#include "worker/http/connection.h"

namespace omenia::http {

namespace {

struct ListenerEnd {
  void operator()(evconnlistener* listener) const { evconnlistener_free(listener); }
};
using Listener = std::unique_ptr<evconnlistener, ListenerEnd>;

// A client too many is told so if that takes no waiting.
void turn_away(const Fd& socket) {
  constexpr std::string_view answer =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 1\r\n"
      "Connection: close\r\nContent-Length: 26\r\n\r\nToo many open connections.";
  [[maybe_unused]] const auto sent = ::send(socket.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  ::shutdown(socket.get(), SHUT_WR);
}

}  // namespace

struct Server::State {
  State(Loop& loop, Handler& handler, ServerOptions given, Logger log)
      : context{.loop = loop,
                .handler = handler,
                .options = given,
                .log = std::move(log),
                .head = ResponseHead(given.common_headers, given.keep_alive_idle_ms),
                .read_buffer = std::vector<char>(limits::http_read_bytes_max),
                .ended = [this](Connection& connection) { forget(connection); },
                .relays = TlsRelays(loop, context.read_buffer)},
        accept_pause(loop, [this] { enable_listeners(true); }),
        empty(loop, [this] { report_empty(); }) {}

  ~State() {
    listeners.clear();
    const auto all = std::exchange(connections, {});
    for (const auto& [key, connection] : all) connection->end();
  }

  static void on_accept(evconnlistener*, int fd, sockaddr* address, int, void* state) {
    static_cast<State*>(state)->accept(Fd(fd), *address);
  }
  static void on_accept_error(evconnlistener*, void* state) { static_cast<State*>(state)->pause_accepting(errno); }

  void accept(Fd socket, const sockaddr& address) {
    if (connections.size() >= context.options.connections_max) {
      if (!std::exchange(full, true)) context.log.warn("The maximum of open HTTP connections is reached.");
      return turn_away(socket);
    }
    auto connection = std::make_shared<Connection>(context, std::move(socket), peer_of(address));
    connections.emplace(connection.get(), std::move(connection));
  }

  // Without the pause the loop would spin: the connection that could not be accepted stays in the backlog.
  void pause_accepting(int error) {
    context.log.error(std::string("Cannot accept connections for a moment: ") + std::strerror(error) +
                      ". If this repeats, raise the limit of open files.");
    enable_listeners(false);
    accept_pause.start(limits::http_accept_pause_ms);
  }

  void enable_listeners(bool on) {
    for (const auto& listener : listeners) {
      on ? evconnlistener_enable(listener.get()) : evconnlistener_disable(listener.get());
    }
  }

  void forget(Connection& connection) {
    connections.erase(&connection);
    full = false;
    if (connections.empty() && emptied) empty.start(0);
  }

  void report_empty() {
    const auto report = std::exchange(emptied, nullptr);
    if (report) report();
  }

  ConnectionContext context;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
  std::vector<Listener> listeners;
  std::function<void()> emptied;
  bool full = false;  // Said once in the log until there is room again.
  Timer accept_pause;
  Timer empty;
};

Server::Server(Loop& loop, Handler& handler, ServerOptions options, Logger log)
    : state_(std::make_unique<State>(loop, handler, std::move(options), std::move(log))) {}

Server::~Server() = default;

void Server::listen(Fd listening_socket) {
  evutil_make_socket_nonblocking(listening_socket.get());
  constexpr unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC;
  constexpr int listens_already = 0;
  Listener listener(evconnlistener_new(state_->context.loop.base(), &State::on_accept, state_.get(), flags,
                                       listens_already, listening_socket.get()));
  ensure(listener != nullptr, "a listening socket can be watched");
  [[maybe_unused]] const int owned_by_listener = listening_socket.release();
  evconnlistener_set_error_cb(listener.get(), &State::on_accept_error);
  state_->listeners.push_back(std::move(listener));
}

void Server::stop_accepting() {
  state_->accept_pause.stop();
  state_->listeners.clear();
}

void Server::drain(std::function<void()> emptied) {
  stop_accepting();
  state_->context.draining = true;
  state_->emptied = std::move(emptied);
  for (const auto& [key, connection] : state_->connections) connection->drain();
  if (state_->connections.empty()) state_->empty.start(0);
}

bool Server::has_unsent() const {
  return state_->context.relays.has_unsent();
}

std::size_t Server::connections() const {
  return state_->connections.size();
}

}  // namespace omenia::http
