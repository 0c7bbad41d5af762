#pragma once
// Connect: the first request of a connection, and the decision about it. Everything a client says of itself is a wish;
// what it may do is granted here, from what it has proven and what the operator has approved.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "worker/auth/attempts.h"
#include "worker/auth/authenticator.h"
#include "worker/auth/device_proof.h"
#include "worker/auth/pairing.h"
#include "worker/auth/role.h"
#include "worker/auth/scopes.h"
#include "worker/devices/admission.h"
#include "worker/rpc/call.h"
#include "worker/ws/peer_facts.h"

namespace omenia::ws {

struct ConnectRequest {
  std::int64_t protocol_min = 0;
  std::int64_t protocol_max = 0;
  rpc::ClientInfo client;
  std::string role = "operator";
  std::vector<std::string> scopes;
  std::vector<std::string> commands;  // Of a node.
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
  bool is_node() const { return role == "node"; }
};

struct Grant {
  auth::Role role = auth::Role::operator_;
  auth::ScopeSet scopes;
  std::string method;  // none, token, password, trusted-proxy, device-token, bootstrap-token: how it was authenticated.
  std::string device_id;  // Proven; empty without a device.
  std::string user;       // Whom the trusted proxy named.
  // What letting its device in changes in the store, and what that gave once it is done; null without a device. Apart,
  // because most of it is large and of use until hello-ok alone.
  std::shared_ptr<const devices::Admission> admission{};
  std::shared_ptr<const devices::Admitted> admitted{};
};

struct Refusal {
  Error error;
  bool answered = true;  // A response goes out before the close.
  int close_code = 1008;
  std::string close_reason;
  std::int64_t delay_ms = 0;
  bool guessed = false;  // Counts as a wrong credential.
  std::optional<state::PairingRequestRow>
      request{};  // To be put before the operator; then its id goes into the answer.
};

// What the operator has said in advance.
struct ConnectPolicy {
  std::vector<std::string> allowed_origins;
  bool approve_local = true;
  std::vector<std::string> approved_networks{};
  bool approve_vouched = false;
  auth::ScopeSet vouched_scopes{};
  std::vector<std::string> commands_allowed{};  // Of nodes, besides the known ones.
  std::vector<std::string> commands_denied{};
};

struct ConnectQuestion {
  const ConnectRequest& request;
  const PeerFacts& peer;
  std::optional<auth::ProofRefusal> proof_refusal;  // Of prove().
  std::int64_t now_ms = 0;
  const ConnectPolicy& policy;
};

using Decision = std::variant<Grant, Refusal>;

// Before any credential is looked at: protocol, role, a page's origin.
std::optional<Refusal> refuse_entry(const ConnectQuestion& question);

// Who has shown too many wrong credentials waits, whatever he shows now.
std::optional<Refusal> refuse_locked(const ConnectQuestion& question, auth::Attempts& attempts);

// Does the client hold the key of the device that it names? Nothing when it does, or names none.
std::optional<auth::ProofRefusal> prove(const ConnectRequest& request, std::string_view nonce, std::int64_t now_ms);

// What the store is to be asked for before the decision. Nothing: the client has proven no device.
std::optional<devices::Lookup> lookup_for(const ConnectQuestion& question);

// Credentials, device, pairing, in this order. `known` is the answer to lookup_for.
Decision decide(const ConnectQuestion& question, const auth::Authenticator& authenticator,
                const auth::KnownDevice& known);

// Counts a wrong credential, whatever field it stood in and whatever else was shown beside it; its answer is held back.
void count_guess(Refusal& refusal, const ConnectQuestion& question, auth::Attempts& attempts);

// The refusal with the id that its request has now.
Refusal with_request_id(Refusal refusal, const std::string& request_id);

}  // namespace omenia::ws
