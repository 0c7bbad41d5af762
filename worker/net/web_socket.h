#pragma once
// WebSocketEngine: server-side WebSockets on the worker's loop, by libwebsockets. It takes sockets whose upgrade
// request was read and checked already, and speaks only RFC 6455 with them: public HTTP never reaches libwebsockets.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "shared/base/fd.h"
#include "shared/base/limits.h"
#include "shared/log/log.h"
#include "shared/loop/loop.h"

struct lws;

namespace omenia::net {

enum class SendResult { queued, dropped };  // dropped: over the buffer limit, or closing.

// Text of a message: `head` is shared between all receivers of a broadcast, `tail` is this receiver's own end of it.
struct OutgoingText {
  std::shared_ptr<const std::string> head;
  std::string tail;
  std::size_t bytes() const { return head->size() + tail.size(); }
};

class WebSocket;

// Who receives what a socket does. `closed` is the last call; the WebSocket is gone when it returns.
class WebSocketOwner {
 public:
  virtual ~WebSocketOwner() = default;
  virtual void opened(WebSocket& socket) = 0;
  virtual void received(std::string_view message, bool binary) = 0;  // A complete message.
  virtual void closed() = 0;
};

class WebSocket {
 public:
  // Events of the library's callbacks, for the engine alone.
  struct Connection;

  explicit WebSocket(Connection& connection) : connection_(connection) {}

  SendResult send(OutgoingText text);
  SendResult send(std::string text);
  std::size_t buffered_bytes() const;
  bool is_blocked() const;  // The peer takes nothing at the moment: what is sent waits here.

  // Messages above this size end the connection with 1009 and no reason.
  void set_message_bytes_max(std::size_t bytes_max);

  // Sends what is queued, then a close frame, and drops the connection when the peer does not answer it in time.
  // Nothing is received any more.
  void close(int code, std::string_view reason);
  // For a peer that does not read: forgets what is queued, sends a close frame if it takes that, else drops it at once.
  void abandon(int code, std::string_view reason);

 private:
  Connection& connection_;
};

// What the library needs of the checked upgrade request to answer it. Extensions are never offered to it.
struct UpgradeAnswer {
  std::string key;  // Sec-WebSocket-Key
  // How much of what is sent has reached the peer's system, in any measure; empty: the socket itself can tell.
  std::function<std::uint64_t()> taken_bytes{};
};

struct WebSocketOptions {
  // Each is pinged so often. Who has not answered by the next ping, or takes nothing at all for so long, is dropped.
  std::int64_t ping_ms = limits::ping_ms;
  std::size_t outbox_bytes_max = limits::outbox_bytes_max;  // What may wait for one peer.
};

class WebSocketEngine {
 public:
  WebSocketEngine(Loop& loop, Logger log, WebSocketOptions options = {});
  ~WebSocketEngine();  // Drops every connection at once; owners get `closed`.
  WebSocketEngine(const WebSocketEngine&) = delete;
  WebSocketEngine& operator=(const WebSocketEngine&) = delete;

  // Answers 101 and opens the WebSocket. `early_bytes` is what the client sent after its request. `owner` is kept until
  // it was told `closed`; when the library refuses the socket it is told at once and was never opened.
  void adopt(Fd socket, const UpgradeAnswer& answer, std::string_view early_bytes,
             std::shared_ptr<WebSocketOwner> owner);

  std::size_t open_sockets() const;
  const WebSocketOptions& options() const;

  struct State;  // Named by the library's callback.

 private:
  std::unique_ptr<State> state_;
};

}  // namespace omenia::net
