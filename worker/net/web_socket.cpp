// Messages in and out of one WebSocket.
//
// What is sent waits for the end of the loop's turn and is then written to the socket at once (State::flush), without
// asking the system first whether the peer takes it; only a peer that does not is watched. An event to ten thousand
// connections is ten thousand writes, and not a change of the watch, a poll and a write for each.

#include "worker/net/web_socket.h"

#include <libwebsockets.h>
#include <sys/socket.h>

#include <cstring>

#include "shared/base/utf8.h"
#include "worker/net/acknowledged_bytes.h"
#include "worker/net/web_socket_connection.h"

namespace omenia::net {

namespace {

constexpr int writes_at_once_max = 64;  // Of one connection; then the others get their turn.
// The library's own number for a close frame, which its public header leaves out between HTTP (3) and PING (5).
constexpr auto write_close_number = static_cast<lws_write_protocol>(4);

}  // namespace

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

void WebSocket::Connection::want_to_send() {
  if (blocked || ended || sending.is_linked()) return;
  if (engine.ready.empty()) engine.flush_soon.start(0);
  engine.ready.push_back(*this);
}

void WebSocket::Connection::send_ready() {
  if (ended || !write_ping()) return;
  for (int count = 0; count < writes_at_once_max && !outgoing.empty() && !blocked; ++count) {
    const OutgoingText text = std::move(outgoing.front());
    outgoing.pop_front();
    outgoing_bytes -= text.bytes();
    if (!write(text)) return drop();
  }
  if (blocked) return;
  if (!outgoing.empty()) return want_to_send();
  if (close_code == 0) return;
  lws_callback_on_writable(wsi);  // Only there the library lets a connection be closed.
  engine.bridge.kick();
}

bool WebSocket::Connection::write_ping() {
  if (ping != Ping::wanted || close_code != 0) return true;
  ping = Ping::sent;
  unsigned char payload[LWS_PRE + 1] = {};  // One byte: the library tells of no pong without any.
  if (lws_write(wsi, payload + LWS_PRE, 1, LWS_WRITE_PING) >= 0) return true;
  drop();
  return false;
}

// What the peer does not take of it is kept by the library, which copies it.
bool WebSocket::Connection::write(const OutgoingText& text) {
  std::vector<unsigned char>& scratch = engine.scratch;
  scratch.resize(LWS_PRE + text.bytes());
  std::memcpy(scratch.data() + LWS_PRE, text.head->data(), text.head->size());
  std::memcpy(scratch.data() + LWS_PRE + text.head->size(), text.tail.data(), text.tail.size());
  if (lws_write(wsi, scratch.data() + LWS_PRE, text.bytes(), LWS_WRITE_TEXT) < 0) return false;
  if (lws_partial_buffered(wsi)) {
    blocked = true;
    library_bytes = text.bytes();
    lws_callback_on_writable(wsi);
    engine.bridge.kick();
  } else {
    progressed = true;
  }
  return true;
}

// The library has sent what it held.
void WebSocket::Connection::unblock() {
  blocked = false;
  progressed = true;
  library_bytes = 0;
  if (!outgoing.empty() || ping == Ping::wanted) want_to_send();
}

// Written here: after a failing writeable callback the library takes the socket for lost and sends nothing.
bool WebSocket::Connection::write_close() {
  std::vector<unsigned char>& scratch = engine.scratch;
  scratch.assign(LWS_PRE, 0);
  scratch.push_back(static_cast<unsigned char>(close_code >> 8));
  scratch.push_back(static_cast<unsigned char>(close_code & 0xff));
  scratch.insert(scratch.end(), close_reason.begin(), close_reason.end());
  return lws_write(wsi, scratch.data() + LWS_PRE, 2 + close_reason.size(), write_close_number) >= 0;
}

void WebSocket::Connection::begin_close(int code, std::string_view reason) {
  if (close_code != 0) return;
  close_code = code;
  close_reason = std::string(utf8_prefix(reason, limits::close_reason_bytes_max));
  incoming = {};
  want_to_send();
}

// Without a word. The library's timers stand still while nothing happens on its sockets, so the socket itself is shut
// down: the library sees its end in the loop's next turn, also of a peer that takes nothing, and `closed` comes from
// there. What the system still holds for the peer is thrown away.
void WebSocket::Connection::drop() {
  if (ended) return;
  ended = true;
  const int fd = static_cast<int>(lws_get_socket_fd(wsi));
  const linger at_once{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::shutdown(fd, SHUT_RDWR);
  engine.bridge.kick();
}

// False when the peer is gone: it has not answered the last ping, or has taken nothing at all for a whole beat. A beat
// that comes `late`, because the loop was busy, is not held against it: its answer may be there and not read yet.
bool WebSocket::Connection::beat(bool late) {
  const bool moved = std::exchange(progressed, false);
  if (ping == Ping::none) {
    ping = Ping::wanted;
    want_to_send();
    return true;
  }
  if (late || (ping == Ping::wanted && (moved || peer_takes_more()))) return true;
  drop();
  return false;
}

// While one large message is on its way.
bool WebSocket::Connection::peer_takes_more() {
  const int fd = static_cast<int>(lws_get_socket_fd(wsi));
  const std::uint64_t now_bytes = taken_bytes ? taken_bytes() : acknowledged_bytes(fd);
  return now_bytes != std::exchange(acked_bytes, now_bytes);
}

SendResult WebSocket::send(OutgoingText text) {
  Connection& c = connection_;
  if (c.close_code != 0 || c.ended || buffered_bytes() + text.bytes() > c.engine.options.outbox_bytes_max)
    return SendResult::dropped;
  c.outgoing_bytes += text.bytes();
  c.outgoing.push_back(std::move(text));
  c.want_to_send();
  return SendResult::queued;
}

SendResult WebSocket::send(std::string text) {
  return send(OutgoingText{std::make_shared<const std::string>(std::move(text)), {}});
}

std::size_t WebSocket::buffered_bytes() const {
  return connection_.outgoing_bytes + connection_.library_bytes;
}
bool WebSocket::is_blocked() const {
  return connection_.blocked;
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
  if (connection_.blocked) connection_.drop();  // It could not take the close frame either.
}

}  // namespace omenia::net
