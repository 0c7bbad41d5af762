#pragma once
// What an open WebSocket is inside the engine: its library object, what waits to be sent, and its place in the engine's
// lists. For worker/net/web_socket*.cpp alone.

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "shared/base/limits.h"
#include "worker/net/uv_bridge.h"
#include "worker/net/web_socket.h"

struct lws_context;
struct lws_vhost;

namespace omenia::net {

// A list that a connection leaves by itself when it is destroyed.
using ListHook = boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// One open socket. Lives from the library's "established" to its "closed". There may be ten thousand of them that are
// silent, so it keeps little.
struct WebSocket::Connection {
  Connection(WebSocketEngine::State& state, lws* instance, std::shared_ptr<WebSocketOwner> receiver,
             std::function<std::uint64_t()> taken)
      : engine(state), wsi(instance), owner(std::move(receiver)), taken_bytes(std::move(taken)) {}

  WebSocketEngine::State& engine;
  lws* wsi;
  std::shared_ptr<WebSocketOwner> owner;
  std::function<std::uint64_t()> taken_bytes;  // As in UpgradeAnswer.
  WebSocket socket{*this};
  std::string incoming;  // Pieces of the message that is being received.
  std::size_t incoming_bytes_max = limits::frame_bytes_before_connect_max;
  std::list<OutgoingText> outgoing;
  std::size_t outgoing_bytes = 0;
  std::size_t library_bytes = 0;  // Of the last message, while the library holds a part of it.
  int close_code = 0;             // Not 0: to be closed when `outgoing` is empty.
  std::string close_reason;

  enum class Ping : std::uint8_t { none, wanted, sent };
  Ping ping = Ping::none;
  bool blocked = false;     // The peer takes nothing at the moment; the library says when it does again.
  bool progressed = false;  // Something was sent since the last beat.
  bool ended = false;       // Handed to the library to be dropped.
  std::int64_t beat_due_ms = 0;
  std::uint64_t acked_bytes = 0;  // At the last beat that looked.
  ListHook sending;               // In State::ready.
  ListHook beating;               // In State::beats.

  bool receive(std::string_view piece);
  void want_to_send();
  void send_ready();
  void unblock();
  bool write_close();
  void begin_close(int code, std::string_view reason);
  void drop();
  bool beat(bool late);

 private:
  bool peer_takes_more();
  bool write_ping();
  bool write(const OutgoingText& text);
};

struct WebSocketEngine::State {
  State(Loop& loop, Logger logger, WebSocketOptions chosen)
      : bridge(loop),
        log(std::move(logger)),
        options(chosen),
        flush_soon(loop, [this] { flush(); }),
        next_beat(loop, [this] { beat(); }) {}

  using Sending = boost::intrusive::list<
      WebSocket::Connection,
      boost::intrusive::member_hook<WebSocket::Connection, ListHook, &WebSocket::Connection::sending>,
      boost::intrusive::constant_time_size<false>>;
  using Beating = boost::intrusive::list<
      WebSocket::Connection,
      boost::intrusive::member_hook<WebSocket::Connection, ListHook, &WebSocket::Connection::beating>,
      boost::intrusive::constant_time_size<false>>;

  UvBridge bridge;
  Logger log;
  WebSocketOptions options;
  lws_context* context = nullptr;
  lws_vhost* vhost = nullptr;
  struct Adopted {
    std::shared_ptr<WebSocketOwner> owner;
    std::function<std::uint64_t()> taken_bytes;
  };
  std::unordered_map<int, Adopted> adopting;  // By descriptor, until established.
  std::size_t open = 0;
  std::vector<unsigned char> scratch;  // One message with the library's room in front of it.
  Sending ready;                       // Those with something to send to a peer that takes it.
  Beating beats;                       // All, in the order of their next beat.
  Timer flush_soon;
  Timer next_beat;

  void create();
  void flush();
  void beat();
  int on_event(lws* wsi, int reason, WebSocket::Connection** slot, std::string_view data);
  void established(lws* wsi, WebSocket::Connection** slot);
  void closed(WebSocket::Connection** slot);
  void never_established(int fd);
};

}  // namespace omenia::net
