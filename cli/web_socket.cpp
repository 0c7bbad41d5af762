// The callbacks only record what happened; the waiting functions decide what it means.

#include "cli/web_socket.h"

#include <fcntl.h>

#include <array>
#include <deque>
#include <optional>

#include "cli/address.h"
#include "cli/lws_context.h"
#include "cli/tls_trust.h"
#include "shared/base/clock.h"
#include "shared/base/ensure.h"
#include "shared/base/limits.h"

namespace omenia::cli {

namespace {

constexpr int no_close_code = 1006;
constexpr int plain_on_tls_status = 400;
constexpr std::size_t receive_buffer_bytes = 64 * limits::KiB;

}  // namespace

struct WebSocket::State {
  lws* socket = nullptr;
  bool established = false;
  bool closed = false;
  bool interrupted = false;
  bool too_large = false;
  int http_status = 0;
  int close_code = no_close_code;
  std::string close_reason;
  std::string close_text;
  std::string partial;
  std::deque<std::string> received;
  std::deque<std::string> unsent;
  std::optional<TlsCheck> check;        // With TLS.
  std::unique_ptr<LwsContext> context;  // Last: its end calls back into what is above.

  void receive(lws* from, std::string_view piece);
  int write(lws* to);
  void end();

  static int callback(lws* socket, lws_callback_reasons reason, void* user, void* in, std::size_t length);
};

namespace {

using Callback = int (*)(lws*, lws_callback_reasons, void*, void*, std::size_t);

const lws_protocols* protocols_of(Callback callback) {
  static const std::array<lws_protocols, 2> protocols = {
      lws_protocols{"omenia", callback, 0, receive_buffer_bytes, 0, nullptr, 0}, lws_protocols{}};
  return protocols.data();
}

}  // namespace

void WebSocket::State::receive(lws* from, std::string_view piece) {
  if (partial.size() + piece.size() > limits::frame_bytes_max) {
    too_large = true;
    return;
  }
  partial += piece;
  if (lws_is_final_fragment(from) == 0 || lws_remaining_packet_payload(from) > 0) return;
  received.push_back(std::move(partial));
  partial.clear();
}

int WebSocket::State::write(lws* to) {
  if (unsent.empty()) return 0;
  const std::string text = std::move(unsent.front());
  unsent.pop_front();
  std::string frame(LWS_PRE + text.size(), '\0');
  text.copy(frame.data() + LWS_PRE, text.size());
  auto* payload = reinterpret_cast<unsigned char*>(frame.data()) + LWS_PRE;
  if (lws_write(to, payload, text.size(), LWS_WRITE_TEXT) < 0) return -1;
  if (!unsent.empty()) lws_callback_on_writable(to);
  return 0;
}

void WebSocket::State::end() {
  closed = true;
  socket = nullptr;
  close_text =
      close_reason.empty() ? "gateway closed (" + std::to_string(close_code) + ")" : "gateway closed: " + close_reason;
  if (too_large) close_text = "the gateway sent a message of more than 25 MiB";
}

int WebSocket::State::callback(lws* socket, lws_callback_reasons reason, void* user, void* in, std::size_t length) {
  auto* state = static_cast<State*>(lws_context_user(lws_get_context(socket)));
  const std::string_view bytes(static_cast<const char*>(in), in == nullptr ? 0 : length);
  switch (reason) {
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS:
      if (state->check) state->check->install(static_cast<SSL_CTX*>(user));
      return 0;
    case LWS_CALLBACK_CLIENT_ESTABLISHED: state->established = true; return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE: state->receive(socket, bytes); return state->too_large ? -1 : 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE: return state->write(socket);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      if (bytes.size() >= 2) {
        state->close_code = static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1]);
        state->close_reason = std::string(bytes.substr(2));
      }
      return 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      state->http_status = static_cast<int>(lws_http_client_http_response(socket));
      state->end();
      return 0;
    case LWS_CALLBACK_CLIENT_CLOSED: state->end(); return 0;
    case LWS_CALLBACK_RAW_RX_FILE: state->interrupted = true; return -1;  // Ends the watch, not the socket.
    default: return 0;
  }
}

namespace {

Error not_established(const WebSocket::Request& request, int http_status, std::int64_t deadline_steady_ms) {
  const std::string where = request.address + ":" + std::to_string(request.port);
  if (http_status > 0) {
    const bool may_be_tls = http_status == plain_on_tls_status && !request.tls;
    return fail(ErrorCode::unreachable, where + " answered HTTP " + std::to_string(http_status) +
                                            " instead of opening a WebSocket" +
                                            (may_be_tls ? "; if it speaks TLS, its address begins with wss://" : ""));
  }
  const std::string problem = connect_problem(request.address, request.port, deadline_steady_ms);
  if (!problem.empty()) return fail(ErrorCode::unreachable, "connect " + problem + " " + where);
  return fail(ErrorCode::unreachable, where + " does not speak WebSocket" + (request.tls ? " over TLS" : ""));
}

// The context closes what it watches, so it gets a descriptor of its own.
void watch(lws_context* context, int descriptor) {
  lws_sock_file_fd_type watched{};
  watched.filefd = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (watched.filefd < 0) return;
  lws_vhost* vhost = lws_get_vhost_by_name(context, "default");
  lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, watched, "omenia", nullptr);
}

}  // namespace

WebSocket::WebSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket& WebSocket::operator=(WebSocket&&) noexcept = default;
WebSocket::~WebSocket() = default;

Result<WebSocket> WebSocket::connect(Request request, std::int64_t deadline_steady_ms) {
  auto state = std::make_unique<State>();
  if (request.tls) state->check.emplace(request.trust, request.server_name);
  state->context = std::make_unique<LwsContext>(protocols_of(&State::callback), state.get(), request.tls);
  if (state->context->get() == nullptr) return fail(ErrorCode::system, "No WebSocket client could be made.");
  lws_client_connect_info info{};
  info.context = state->context->get();
  info.address = request.address.c_str();
  info.port = request.port;
  info.path = request.path.c_str();
  info.host = request.host.c_str();
  info.ietf_version_or_minus_one = -1;
  info.local_protocol_name = "omenia";
  info.alpn = "http/1.1";
  if (request.tls) info.ssl_connection = LCCSCF_USE_SSL;
  info.pwsi = &state->socket;
  if (lws_client_connect_via_info(&info) == nullptr) state->closed = true;
  if (request.interrupt_descriptor >= 0) watch(state->context->get(), request.interrupt_descriptor);
  while (!state->established && !state->closed && !state->interrupted) {
    if (state->context->serve(deadline_steady_ms)) continue;
    return fail(ErrorCode::unreachable,
                request.address + ":" + std::to_string(request.port) + " did not answer in time");
  }
  if (state->interrupted) return fail(ErrorCode::unreachable, "interrupted");
  if (state->check && !state->check->problem().empty()) return fail(ErrorCode::unreachable, state->check->problem());
  if (!state->established) return not_established(request, state->http_status, deadline_steady_ms);
  return WebSocket(std::move(state));
}

void WebSocket::send(std::string text) {
  if (state_->closed) return;
  state_->unsent.push_back(std::move(text));
  lws_callback_on_writable(state_->socket);
}

WebSocket::Wake WebSocket::wait(std::int64_t deadline_steady_ms) {
  while (true) {
    if (state_->interrupted) return Wake::interrupted;
    if (!state_->received.empty()) return Wake::message;
    if (state_->closed) return Wake::closed;
    if (!state_->context->serve(deadline_steady_ms) && state_->received.empty() && !state_->closed)
      return Wake::deadline;
  }
}

std::string WebSocket::take() {
  ensure(!state_->received.empty(), "a message is taken only after one has come");
  std::string text = std::move(state_->received.front());
  state_->received.pop_front();
  return text;
}

void WebSocket::acknowledge_interrupt() {
  state_->interrupted = false;
}

const std::string& WebSocket::close_text() const {
  return state_->close_text;
}

}  // namespace omenia::cli
