#pragma once
// Connect: the first request of a connection, and the decision about it. Everything a client says of itself is a wish;
// what it may do is granted here, from what it has proven.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "worker/auth/attempts.h"
#include "worker/auth/authenticator.h"
#include "worker/auth/device_proof.h"
#include "worker/auth/role.h"
#include "worker/auth/scopes.h"
#include "worker/rpc/call.h"
#include "worker/ws/peer_facts.h"

namespace omenia::ws {

struct ConnectRequest {
  std::int64_t protocol_min = 0;
  std::int64_t protocol_max = 0;
  rpc::ClientInfo client;
  std::string role = "operator";
  std::vector<std::string> scopes;
  std::string token;
  std::string password;
  std::string device_token;
  std::string bootstrap_token;
  std::optional<auth::DeviceClaim> device;

  // Error invalid_request, "invalid connect params: ...".
  static Result<ConnectRequest> read(JsonView params);

  bool is_backend() const { return client.id == "gateway-client" && client.mode == "backend"; }
  bool is_cli() const { return client.id == "cli" && client.mode == "cli"; }
  bool is_control_page() const { return client.id == "openclaw-control-ui"; }
  bool needs_device() const { return is_control_page() || client.id == "openclaw-tui"; }
};

struct Grant {
  auth::Role role = auth::Role::operator_;
  auth::ScopeSet scopes;
  std::string method;     // none, token, password: how it was authenticated.
  std::string device_id;  // Proven; empty without a device.
};

struct Refusal {
  Error error;
  bool answered = true;  // A response goes out before the close.
  int close_code = 1008;
  std::string close_reason;
  std::int64_t delay_ms = 0;
};

struct ConnectQuestion {
  const ConnectRequest& request;
  const PeerFacts& peer;
  std::string_view nonce;  // Of this connection's challenge.
  std::int64_t now_ms = 0;
  const std::vector<std::string>& allowed_origins;
};

// Decides; counts wrong credentials in `attempts`.
std::variant<Grant, Refusal> decide(const ConnectQuestion& question, const auth::Authenticator& authenticator,
                                    auth::Attempts& attempts);

}  // namespace omenia::ws
