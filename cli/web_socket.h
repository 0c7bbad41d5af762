#pragma once
// WebSocket: one outgoing connection for a program that does one thing at a time. Every call returns by its deadline.
// Text messages only; what the gateway sends is kept in order until it is received.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "cli/target.h"
#include "shared/base/result.h"

namespace omenia::cli {

class WebSocket {
 public:
  struct Request {
    std::string address;  // Numeric.
    std::string host;     // For the Host header.
    int port = 0;
    std::string path = "/";
    bool tls = false;
    TlsTrust trust;                 // With TLS.
    std::string server_name;        // The same: whose certificate it has to be.
    int interrupt_descriptor = -1;  // Readable when the user wants to stop; watched, never read.
  };

  // Error: unreachable. "connect ECONNREFUSED 127.0.0.1:18789" when nothing listens; also when the other side is no
  // WebSocket server, or the deadline passes.
  static Result<WebSocket> connect(Request request, std::int64_t deadline_steady_ms);
  WebSocket(WebSocket&&) noexcept;
  WebSocket& operator=(WebSocket&&) noexcept;
  ~WebSocket();

  // Queues the message and returns; it leaves during the next wait.
  void send(std::string text);

  // What ended a wait.
  enum class Wake { message, closed, deadline, interrupted };

  // Waits until a message can be taken. Once interrupted, it answers `interrupted` at once until acknowledge_interrupt.
  Wake wait(std::int64_t deadline_steady_ms);
  std::string take();            // The oldest message; there must be one.
  void acknowledge_interrupt();  // Stops watching the descriptor: the user has been heard.

  // Why the connection ended: "gateway closed: service restart". Only after Wake::closed. The library shows 1012 to
  // 1014 as 1002, so the number is told only when there are no words.
  const std::string& close_text() const;

 private:
  struct State;
  explicit WebSocket(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace omenia::cli
