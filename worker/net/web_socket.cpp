#include "worker/net/web_socket.h"

#include <libwebsockets.h>

#include <cstring>
#include <deque>
#include <unordered_map>
#include <vector>

#include "shared/base/ensure.h"
#include "shared/base/limits.h"
#include "shared/base/utf8.h"
#include "worker/net/uv_bridge.h"

namespace omenia::net {

// One open socket. Lives from the library's "established" to its "closed".
struct WebSocket::Connection {
  Connection(WebSocketEngine::State& state, lws* instance, std::shared_ptr<WebSocketOwner> receiver)
      : engine(state), wsi(instance), owner(std::move(receiver)) {}

  WebSocketEngine::State& engine;
  lws* wsi;
  std::shared_ptr<WebSocketOwner> owner;
  WebSocket socket{*this};
  std::string incoming;  // Pieces of the message that is being received.
  std::size_t incoming_bytes_max = limits::frame_bytes_before_connect_max;
  std::deque<OutgoingText> outgoing;
  std::size_t outgoing_bytes = 0;
  int close_code = 0;  // Not 0: to be closed when `outgoing` is empty.
  std::string close_reason;

  bool receive(std::string_view piece);
  bool write_some();
  void begin_close(int code, std::string_view reason);
};

namespace {

constexpr std::size_t early_bytes_max =
    1024;  // Clients wait for the 101; the library keeps 2048 bytes with the request.
constexpr int writes_at_once_max = 16;
// The library's own number for a close frame, which its public header leaves out between HTTP (3) and PING (5).
constexpr auto write_close = static_cast<lws_write_protocol>(4);

const lws_retry_bo_t keep_alive = {nullptr, 0, 0, limits::ping_s, limits::ping_s + limits::pong_s, 0};

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

}  // namespace

struct WebSocketEngine::State {
  State(Loop& loop, Logger logger) : bridge(loop), log(std::move(logger)) {}

  UvBridge bridge;
  Logger log;
  lws_context* context = nullptr;
  lws_vhost* vhost = nullptr;
  std::unordered_map<int, std::shared_ptr<WebSocketOwner>> adopting;  // By descriptor, until established.
  std::size_t open = 0;
  std::vector<unsigned char> scratch;  // One message with the library's room in front of it.

  void create();
  int on_event(lws* wsi, lws_callback_reasons reason, WebSocket::Connection** slot, std::string_view data);
  void established(lws* wsi, WebSocket::Connection** slot);
  void closed(WebSocket::Connection** slot);
  void never_established(int fd);
};

namespace {

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
  info.retry_and_idle_policy = &keep_alive;
  context = lws_create_context(&info);
  ensure(context, "libwebsockets starts (is the package libwebsockets-evlib-uv installed?)");
  vhost = lws_create_vhost(context, &info);
  ensure(vhost, "libwebsockets makes a host");
  bridge.kick();
}

int WebSocketEngine::State::on_event(lws* wsi, lws_callback_reasons reason, WebSocket::Connection** slot,
                                     std::string_view data) {
  switch (reason) {
    case LWS_CALLBACK_ESTABLISHED: established(wsi, slot); return 0;
    case LWS_CALLBACK_RECEIVE: return (*slot)->receive(data) ? 0 : -1;
    case LWS_CALLBACK_SERVER_WRITEABLE: return (*slot)->write_some() ? 0 : -1;
    case LWS_CALLBACK_CLOSED: closed(slot); return 0;
    case LWS_CALLBACK_CLOSED_HTTP: never_established(static_cast<int>(lws_get_socket_fd(wsi))); return 0;
    case LWS_CALLBACK_HTTP: return -1;  // Only upgrades are handed over; anything else is a mistake.
    default: return 0;
  }
}

void WebSocketEngine::State::established(lws* wsi, WebSocket::Connection** slot) {
  auto found = adopting.extract(static_cast<int>(lws_get_socket_fd(wsi)));
  ensure(!found.empty(), "only adopted sockets are established");
  *slot = new WebSocket::Connection(*this, wsi, std::move(found.mapped()));
  ++open;
  (*slot)->owner->opened((*slot)->socket);
}

void WebSocketEngine::State::closed(WebSocket::Connection** slot) {
  const std::unique_ptr<WebSocket::Connection> connection(std::exchange(*slot, nullptr));
  --open;
  connection->owner->closed();
}

void WebSocketEngine::State::never_established(int fd) {
  if (auto refused = adopting.extract(fd); !refused.empty()) refused.mapped()->closed();
}

// False ends the connection with the close code that was set.
bool WebSocket::Connection::receive(std::string_view piece) {
  if (close_code != 0) return true;  // The peer's close frame is still to come; what it sends before is not read.
  if (incoming.size() + piece.size() > incoming_bytes_max) {
    lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, nullptr, 0);
    return false;
  }
  const bool complete = lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0;
  const bool binary = lws_frame_is_binary(wsi) != 0;
  if (complete && incoming.empty()) {
    owner->received(piece, binary);
    return true;
  }
  incoming.append(piece);
  if (!complete) return true;
  const std::string message = std::exchange(incoming, {});
  owner->received(message, binary);
  return true;
}

bool WebSocket::Connection::write_some() {
  std::vector<unsigned char>& scratch = engine.scratch;
  for (int count = 0; count < writes_at_once_max && !outgoing.empty(); ++count) {
    const OutgoingText text = std::move(outgoing.front());
    outgoing.pop_front();
    outgoing_bytes -= text.bytes();
    scratch.resize(LWS_PRE + text.bytes());
    std::memcpy(scratch.data() + LWS_PRE, text.head->data(), text.head->size());
    std::memcpy(scratch.data() + LWS_PRE + text.head->size(), text.tail.data(), text.tail.size());
    if (lws_write(wsi, scratch.data() + LWS_PRE, text.bytes(), LWS_WRITE_TEXT) < 0) return false;
    if (lws_send_pipe_choked(wsi)) break;
  }
  if (engine.scratch.capacity() > limits::MiB) engine.scratch = {};
  if (!outgoing.empty()) {
    lws_callback_on_writable(wsi);
    return true;
  }
  if (close_code == 0) return true;
  // Written here: after a failing writeable callback the library takes the socket for lost and sends nothing.
  scratch.assign(LWS_PRE, 0);
  scratch.push_back(static_cast<unsigned char>(close_code >> 8));
  scratch.push_back(static_cast<unsigned char>(close_code & 0xff));
  scratch.insert(scratch.end(), close_reason.begin(), close_reason.end());
  if (lws_write(wsi, scratch.data() + LWS_PRE, 2 + close_reason.size(), write_close) < 0) return false;
  return false;
}

void WebSocket::Connection::begin_close(int code, std::string_view reason) {
  if (close_code != 0) return;
  close_code = code;
  close_reason = std::string(utf8_prefix(reason, limits::close_reason_bytes_max));
  incoming = {};
  lws_callback_on_writable(wsi);
  engine.bridge.kick();
}

SendResult WebSocket::send(OutgoingText text) {
  Connection& c = connection_;
  if (c.close_code != 0 || c.outgoing_bytes + text.bytes() > limits::outbox_bytes_max) return SendResult::dropped;
  c.outgoing_bytes += text.bytes();
  c.outgoing.push_back(std::move(text));
  if (c.outgoing.size() == 1) {
    lws_callback_on_writable(c.wsi);
    c.engine.bridge.kick();
  }
  return SendResult::queued;
}

SendResult WebSocket::send(std::string text) {
  return send(OutgoingText{std::make_shared<const std::string>(std::move(text)), {}});
}

std::size_t WebSocket::buffered_bytes() const {
  return connection_.outgoing_bytes;
}
void WebSocket::set_message_bytes_max(std::size_t bytes_max) {
  connection_.incoming_bytes_max = bytes_max;
}
void WebSocket::close(int code, std::string_view reason) {
  connection_.begin_close(code, reason);
}

void WebSocket::abandon(int code, std::string_view reason) {
  connection_.outgoing.clear();
  connection_.outgoing_bytes = 0;
  connection_.begin_close(code, reason);
  lws_set_timeout(connection_.wsi, PENDING_TIMEOUT_CLOSE_SEND, limits::close_grace_ms / 1000);
}

WebSocketEngine::WebSocketEngine(Loop& loop, Logger log) : state_(std::make_unique<State>(loop, std::move(log))) {
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
  state_->adopting[fd] = std::move(owner);
  const std::string request = request_for(answer, early_bytes);
  lws* wsi = lws_adopt_socket_vhost_readbuf(state_->vhost, fd, request.data(), request.size());
  state_->bridge.kick();
  if (!wsi) state_->never_established(fd);
}

std::size_t WebSocketEngine::open_sockets() const {
  return state_->open;
}

}  // namespace omenia::net
