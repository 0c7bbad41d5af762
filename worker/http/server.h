#pragma once
// Server: accepts on inherited listening sockets and runs HTTP/1.1 on each connection: keep-alive, pipelining (one
// request at a time, in order), chunked bodies, Expect, limits, deadlines, graceful close. What a request means is the
// Handler's.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/fd.h"
#include "shared/log/log.h"
#include "shared/loop/loop.h"
#include "worker/http/exchange.h"
#include "worker/http/message.h"
#include "worker/http/tls_acceptor.h"

namespace omenia::http {

// What is decided about a request when its head is there and its body is not: refuse it now, or read so much body.
struct Admission {
  std::optional<Response> refusal;  // Set: answered at once, the body is not read, the connection closes if it had one.
  int refusal_delay_ms = 0;         // Slows down guessing; the connection waits, nothing else does.
  std::size_t body_bytes_max = 0;   // Larger bodies are refused with 413.
  Response (*body_refusal)(const Error&) = nullptr;  // How a body that is not taken is told. Null: error_response().
  std::vector<Header> headers{};                     // On the answer, whoever gives it and whatever it is.
  int tag = no_tag;                                  // The handler's own, told again when the request is answered.
  static constexpr int no_tag = -1;
};

// What became of a request, for counts and the log.
struct Answered {
  std::string_view id;
  std::string_view address;  // Of the peer.
  int tag = Admission::no_tag;
  int status = 0;  // What was sent; 499 when the client left before that.
  std::int64_t took_us = 0;
};

// A complete and checked request to become a WebSocket; the socket changes hands.
struct Upgrade {
  Request request;
  Fd socket;          // Non-blocking, plain. Over TLS it is the end of a pair, with a relay at the other.
  std::string bytes;  // What the client sent after the request's head.
  // How much of what is sent has reached the client's system; empty: the socket itself can tell.
  std::function<std::uint64_t()> taken_bytes{};
};

class Handler {
 public:
  virtual ~Handler() = default;
  virtual Admission admit(const Request& head) = 0;
  virtual void handle(std::shared_ptr<Exchange> exchange) = 0;
  // May a WebSocket be made of this request? A refusal is answered; nothing means yes, and `upgrade` follows.
  virtual std::optional<Response> admit_upgrade(const Request& head) = 0;
  virtual void upgrade(Upgrade upgrade) = 0;
  // Of every answer, also those that were given without asking the handler. Must not call back.
  virtual void answered(const Answered& answered) { (void)answered; }
};

struct ServerOptions {
  // On every answer, asked each time (the config may change them); an answer's own header of that name wins.
  std::function<std::shared_ptr<const std::vector<Header>>()> common_headers{};
  int keep_alive_idle_ms = limits::http_keep_alive_idle_ms;
  int head_ms_max = limits::http_head_ms_max;
  int body_ms_max = limits::http_body_ms_max;
  std::size_t connections_max = limits::connections_max;  // One more is told 503 and closed.
  std::shared_ptr<TlsAcceptor> tls{};                     // Null: the port is plain.
};

class Server {
 public:
  Server(Loop& loop, Handler& handler, ServerOptions options, Logger log);
  ~Server();  // Closes every connection at once; exchanges that are still held outlive it safely.
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void listen(Fd listening_socket);  // Starts to accept.
  void stop_accepting();

  // Idle connections are closed; busy ones answer what they have begun with `Connection: close`. A connection that was
  // busy a moment ago is not idle yet: its next request may be on its way. `emptied` is called once, in a turn of the
  // loop of its own, when the last connection is gone; it may destroy the server.
  void drain(std::function<void()> emptied);

  std::size_t connections() const;
  // Bytes of WebSockets over TLS that are on their way within this process.
  bool has_unsent() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace omenia::http
