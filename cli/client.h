#pragma once
// GatewayClient: the control protocol for commands, one question at a time. Answers that the gateway refuses are
// answers, not errors: a Result fails only when the connection does.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/target.h"
#include "cli/web_socket.h"
#include "shared/base/result.h"
#include "shared/json/json.h"

namespace omenia::cli {

// Who the command says it is. The gateway grants scopes by these names and the credentials.
struct Identity {
  std::string id = "cli";
  std::string mode = "cli";
  std::vector<std::string> scopes;
  std::vector<std::string> caps;
  std::string display_name;  // Empty: none.
  int protocol_min = 4;
};

struct Answer {
  bool ok = false;
  Json payload;  // A refused agent run has both.
  Json error;    // {code, message, details?, retryable?, retryAfterMs?}
};

class GatewayClient {
 public:
  // Opens the socket; `interrupt_descriptor` as in WebSocket::Request. Error: unreachable.
  static Result<GatewayClient> open(const Target& target, std::int64_t deadline_steady_ms,
                                    int interrupt_descriptor = -1);

  // The handshake; the payload is hello-ok. Comes first and once.
  Result<Answer> connect(const Target& target, const Identity& identity, std::int64_t deadline_steady_ms);

  // `params` is JSON text; empty sends none. Events that arrive meanwhile go to on_event.
  Result<Answer> call(std::string_view method, std::string_view params, std::int64_t deadline_steady_ms);

  // Sends a request whose responses are taken one by one with next_response; returns its id.
  std::string start(std::string_view method, std::string_view params);

  // Nothing: the user interrupted. Error: unreachable (closed, deadline).
  Result<std::optional<Answer>> next_response(const std::string& id, std::int64_t deadline_steady_ms);

  // Waits for events alone. True at the deadline, false when interrupted.
  Result<bool> idle(std::int64_t deadline_steady_ms);

  void acknowledge_interrupt() { socket_.acknowledge_interrupt(); }

  // The gateway has announced that it goes away and comes back.
  bool restarting() const { return restarting_; }

  // Called for each event with its name and payload.
  std::function<void(std::string_view name, JsonView payload)> on_event;

 private:
  explicit GatewayClient(WebSocket socket) : socket_(std::move(socket)) {}

  struct Frame {
    enum class Kind { response, event, interrupted } kind;
    Json json;
  };
  Result<Frame> next_frame(std::int64_t deadline_steady_ms);
  void take_event(JsonView event);
  void note_sequence(JsonView event);
  std::string send_request(std::string_view method, std::string_view params);

  WebSocket socket_;
  bool restarting_ = false;
  int requests_ = 0;
  std::int64_t sequence_ = 0;  // Of the last event that carried one.
};

// The connect request's params, for the challenge's connection.
std::string connect_params(const Target& target, const Identity& identity);

// Now plus the given time.
std::int64_t deadline_after(std::int64_t ms);

}  // namespace omenia::cli
