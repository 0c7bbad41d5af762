// The library under all WebSockets: its context on the loop, sockets handed to it, its callbacks, and what is done for
// all of them at once.

#include <libwebsockets.h>

#include <cstring>

#include "shared/base/clock.h"
#include "shared/base/ensure.h"
#include "worker/net/web_socket_connection.h"

namespace omenia::net {

namespace {

constexpr std::size_t early_bytes_max =
    1024;                            // Clients wait for the 101; the library keeps 2048 bytes with the request.
constexpr int flush_ms_max = 10;     // In one turn of the loop; what is left goes on in the next.
constexpr int flush_look_each = 32;  // Connections between two looks at the clock.

// The library's own pings keep a timer for each connection in one sorted list, which it walks at each change.
const lws_retry_bo_t no_keep_alive = {nullptr, 0, 0, 0, 0, 0};

// The library's log callback carries no context, so what it says about errors goes to standard error, where the
// supervisor's terminal or service manager keeps it. It calls each hand-over an error; that line is left out.
void on_library_log(int, const char* line) {
  if (std::strstr(line, "calling service") == nullptr) std::fputs(line, stderr);
}

// The library reads the request again, so it gets a new one of known shape: only what it must answer.
std::string request_for(const UpgradeAnswer& answer, std::string_view early_bytes) {
  std::string text =
      "GET / HTTP/1.1\r\nHost: gateway\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
  text.append(answer.key).append("\r\n\r\n").append(early_bytes);
  return text;
}

int on_library_event(lws* wsi, lws_callback_reasons reason, void* user, void* data, std::size_t length) {
  auto* engine = static_cast<WebSocketEngine::State*>(lws_context_user(lws_get_context(wsi)));
  auto** slot = static_cast<WebSocket::Connection**>(user);
  return engine->on_event(wsi, reason, slot, {static_cast<const char*>(data), data ? length : 0});
}

// Without a size of its own the library writes pieces as small as its reading buffer, one each turn of the loop.
constexpr std::size_t write_bytes = 64 * limits::KiB;
constexpr std::size_t read_bytes = 512;

const lws_protocols protocols[] = {
    {"gateway", on_library_event, sizeof(WebSocket::Connection*), read_bytes, 0, nullptr, write_bytes},
    {nullptr, nullptr, 0, 0, 0, nullptr, 0},
};

}  // namespace

void WebSocketEngine::State::create() {
  lws_set_log_level(LLL_ERR, on_library_log);
  void* foreign_loops[] = {bridge.loop()};
  lws_context_creation_info info{};
  info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_VALIDATE_UTF8 |
                 LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.foreign_loops = foreign_loops;
  info.protocols = protocols;
  info.user = this;
  info.alpn = "http/1.1";
  info.retry_and_idle_policy = &no_keep_alive;
  context = lws_create_context(&info);
  ensure(context, "libwebsockets starts (is the package libwebsockets-evlib-uv installed?)");
  vhost = lws_create_vhost(context, &info);
  ensure(vhost, "libwebsockets makes a host");
  bridge.kick();
}

int WebSocketEngine::State::on_event(lws* wsi, int reason, WebSocket::Connection** slot, std::string_view data) {
  switch (reason) {
    case LWS_CALLBACK_ESTABLISHED: established(wsi, slot); return 0;
    case LWS_CALLBACK_RECEIVE: return (*slot)->receive(data) ? 0 : -1;
    case LWS_CALLBACK_RECEIVE_PONG: (*slot)->ping = WebSocket::Connection::Ping::none; return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE: {
      WebSocket::Connection& connection = **slot;
      if (connection.ended) return -1;
      connection.unblock();
      if (connection.close_code == 0 || !connection.outgoing.empty()) return 0;
      connection.write_close();
      return -1;
    }
    case LWS_CALLBACK_CLOSED: closed(slot); return 0;
    case LWS_CALLBACK_CLOSED_HTTP: never_established(static_cast<int>(lws_get_socket_fd(wsi))); return 0;
    case LWS_CALLBACK_HTTP: return -1;  // Only upgrades are handed over; anything else is a mistake.
    default: return 0;
  }
}

void WebSocketEngine::State::established(lws* wsi, WebSocket::Connection** slot) {
  auto found = adopting.extract(static_cast<int>(lws_get_socket_fd(wsi)));
  ensure(!found.empty(), "only adopted sockets are established");
  Adopted& adopted = found.mapped();
  *slot = new WebSocket::Connection(*this, wsi, std::move(adopted.owner), std::move(adopted.taken_bytes));
  ++open;
  (*slot)->beat_due_ms = steady_ms() + options.ping_ms;
  if (beats.empty()) next_beat.start(options.ping_ms);
  beats.push_back(**slot);
  (*slot)->owner->opened((*slot)->socket);
}

void WebSocketEngine::State::closed(WebSocket::Connection** slot) {
  const std::unique_ptr<WebSocket::Connection> connection(std::exchange(*slot, nullptr));
  --open;
  connection->owner->closed();
}

void WebSocketEngine::State::never_established(int fd) {
  if (auto refused = adopting.extract(fd); !refused.empty()) refused.mapped().owner->closed();
}

void WebSocketEngine::State::flush() {
  const std::int64_t end_ms = steady_ms() + flush_ms_max;
  for (int count = 1; !ready.empty(); ++count) {
    WebSocket::Connection& connection = ready.front();
    ready.pop_front();
    connection.send_ready();
    if (count % flush_look_each == 0 && steady_ms() >= end_ms) break;
  }
  if (scratch.capacity() > limits::MiB) scratch = {};
  if (!ready.empty()) flush_soon.start(0);
}

// All have the same period, so the order in which they were put in is the order of their times.
void WebSocketEngine::State::beat() {
  const std::int64_t now_ms = steady_ms();
  while (!beats.empty() && beats.front().beat_due_ms <= now_ms) {
    WebSocket::Connection& connection = beats.front();
    beats.pop_front();
    if (!connection.beat(now_ms - connection.beat_due_ms > limits::ping_late_ms)) continue;
    connection.beat_due_ms = now_ms + options.ping_ms;
    beats.push_back(connection);
  }
  if (!beats.empty()) next_beat.start(beats.front().beat_due_ms - now_ms);
}

WebSocketEngine::WebSocketEngine(Loop& loop, Logger log, WebSocketOptions options)
    : state_(std::make_unique<State>(loop, std::move(log), options)) {
  state_->create();
}

// On a loop that is not its own the library closes its handles first; a second call frees the rest.
WebSocketEngine::~WebSocketEngine() {
  lws_context_destroy(state_->context);
  if (state_->bridge.settle()) lws_context_destroy(state_->context);
}

void WebSocketEngine::adopt(Fd socket, const UpgradeAnswer& answer, std::string_view early_bytes,
                            std::shared_ptr<WebSocketOwner> owner) {
  const int fd = socket.release();  // The library closes it, also when it refuses it.
  if (early_bytes.size() > early_bytes_max) {
    state_->log.info("a client sent data before its WebSocket was open; dropped");
    ::close(fd);
    return owner->closed();
  }
  state_->adopting[fd] = {std::move(owner), answer.taken_bytes};
  const std::string request = request_for(answer, early_bytes);
  lws* wsi = lws_adopt_socket_vhost_readbuf(state_->vhost, fd, request.data(), request.size());
  state_->bridge.kick();
  if (!wsi) state_->never_established(fd);
}

std::size_t WebSocketEngine::open_sockets() const {
  return state_->open;
}
const WebSocketOptions& WebSocketEngine::options() const {
  return state_->options;
}

}  // namespace omenia::net
