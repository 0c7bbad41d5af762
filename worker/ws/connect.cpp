// The decision about a connect, top to bottom: entry, credentials, device, pairing.

#include "worker/ws/connect.h"

#include "shared/json/writer.h"
#include "worker/auth/origin.h"
#include "worker/devices/node_commands.h"
#include "worker/ws/refusals.h"

namespace omenia::ws {

namespace {

constexpr std::int64_t protocol = 4;
constexpr std::int64_t probe_protocol_min = 3;

std::optional<Refusal> check_protocol(const ConnectRequest& request) {
  const bool is_probe = request.client.mode == "probe" || (request.is_node() && request.client.mode == "node");
  const std::int64_t min = is_probe ? probe_protocol_min : protocol;
  if (request.protocol_min <= protocol && request.protocol_max >= min) return std::nullopt;
  JsonWriter details;
  details.begin_object()
      .member("code", "PROTOCOL_MISMATCH")
      .member("clientMinProtocol", request.protocol_min)
      .member("clientMaxProtocol", request.protocol_max)
      .member("expectedProtocol", protocol)
      .member("minimumProbeProtocol", probe_protocol_min)
      .end_object();
  return refuse(ErrorCode::protocol_mismatch, "protocol mismatch", details.take(), 1002);
}

std::optional<Refusal> check_role(const ConnectRequest& request) {
  if (request.role == "worker" || request.client.id == "openclaw-worker" || request.client.mode == "worker") {
    Refusal refusal = refuse(ErrorCode::invalid_request, "invalid-handshake", {});
    refusal.answered = false;
    return refusal;
  }
  if (request.role == "operator" || request.is_node()) return std::nullopt;
  return refuse(ErrorCode::invalid_request, "invalid role", {});
}

std::optional<Refusal> check_origin(const ConnectQuestion& question) {
  const PeerFacts& peer = question.peer;
  const bool is_page = question.request.is_control_page() || question.request.client.mode == "webchat";
  if (peer.origin.empty() && !is_page) return std::nullopt;
  if (!peer.origin.empty() &&
      auth::is_origin_allowed({peer.origin, peer.host, peer.is_local()}, question.policy.allowed_origins))
    return std::nullopt;
  return refuse(ErrorCode::invalid_request,
                "origin not allowed (open the Control UI from the gateway host or allow it in "
                "gateway.controlUi.allowedOrigins)",
                details_with_code("CONTROL_UI_ORIGIN_NOT_ALLOWED", "origin missing or invalid"));
}

// What a client of this machine has proven: nothing but that it runs here, or the shared secret too.
auth::Locality locality_of(const ConnectQuestion& question, std::string_view method) {
  if (question.peer.is_local()) return auth::Locality::direct;
  const bool by_secret = method == "token" || method == "password";
  if (by_secret && question.peer.is_local_by_private_name()) return auth::Locality::with_secret;
  return auth::Locality::remote;
}

// The programs of this machine that are known to need no device identity.
bool is_trusted_here(const ConnectQuestion& question, std::string_view method) {
  return question.peer.origin.empty() && locality_of(question, method) != auth::Locality::remote;
}

std::optional<Refusal> refuse_device_proof(const ConnectQuestion& question) {
  const auto& refused = question.proof_refusal;
  if (!refused) return std::nullopt;
  return refuse(ErrorCode::invalid_request, std::string(refused->message),
                details_with_code(refused->code, refused->reason));
}

// How the client has authenticated itself, or why it has not.
struct Authenticated {
  std::string method;
  auth::KnownDevice::Match shown = auth::KnownDevice::Match::none;
};
using Authentication = std::variant<Authenticated, Refusal>;

Authentication by_device_token(const auth::KnownDevice& known, std::string_view token) {
  const auto match = known.match(token);
  if (match != auth::KnownDevice::Match::none) return Authenticated{"device-token", match};
  Refusal refusal =
      refuse_auth(auth_rows::device_token_mismatch, "device token mismatch (rotate/reissue device token)");
  refusal.guessed = true;
  return refusal;
}

Authentication by_setup_code(const auth::KnownDevice& known, const ConnectRequest& request) {
  const auth::SetupAccess access = auth::access_of(known.setup_access);
  for (const std::string& role : access.roles)
    if (role == request.role) return Authenticated{"bootstrap-token"};
  Refusal refusal = refuse_auth(auth_rows::bootstrap_invalid,
                                "setup code invalid, expired, revoked, or already used (create a new code; review "
                                "`OmeniaClaw devices list`)");
  refusal.guessed = true;
  return refusal;
}

// Without the shared secret: a paired device may show its own token, a new one a setup code. Both are worth nothing
// without the device's key.
Authentication by_device(const ConnectQuestion& question, auth::AuthMode mode, auth::SecretCheck check,
                         const auth::KnownDevice& known) {
  const ConnectRequest& request = question.request;
  const bool has_own = !request.device_token.empty() || !request.bootstrap_token.empty();
  if (request.device && has_own && check == auth::SecretCheck::missing)
    if (auto refusal = refuse_device_proof(question)) return std::move(*refusal);
  if (request.device && !question.proof_refusal) {
    if (!request.device_token.empty()) return by_device_token(known, request.device_token);
    if (!request.bootstrap_token.empty()) return by_setup_code(known, request);
    if (const auto match = known.match(request.token); match != auth::KnownDevice::Match::none)
      return Authenticated{"device-token", match};
  }
  const bool missing = check == auth::SecretCheck::missing;
  if (mode == auth::AuthMode::trusted_proxy && missing) return refuse_unvouched(question);
  if (missing && !request.device) return refuse_missing_device();
  return refuse_secret(question, mode, missing);
}

Authentication authenticate(const ConnectQuestion& question, const auth::Authenticator& authenticator,
                            const auth::KnownDevice& known) {
  const auth::AuthMode mode = authenticator.mode();
  if (mode == auth::AuthMode::none) return Authenticated{"none"};
  auth::SecretCheck check = authenticator.check(question.request.token, question.request.password);
  if (mode == auth::AuthMode::trusted_proxy) {
    if (!question.peer.user.empty()) return Authenticated{"trusted-proxy"};
    // Behind a proxy the password would be a way around it.
    if (check == auth::SecretCheck::granted && !question.peer.is_local_by_private_name())
      check = auth::SecretCheck::wrong;
    if (check == auth::SecretCheck::granted) return Authenticated{"password"};
  } else if (check == auth::SecretCheck::granted) {
    return Authenticated{std::string(auth::name_of(mode))};
  }
  return by_device(question, mode, check, known);
}

Decision grant_without_device(const ConnectQuestion& question, const std::string& method) {
  const ConnectRequest& request = question.request;
  if (request.is_node()) return refuse_missing_device();
  const auth::ScopeSet wanted = auth::ScopeSet::of_names(request.scopes);
  const bool vouched = method == "trusted-proxy";
  Grant grant;
  grant.method = method;
  grant.user = question.peer.user;
  if (vouched && request.is_control_page()) {
    grant.scopes = wanted.within(question.policy.vouched_scopes);
    return grant;
  }
  if (request.needs_device())
    return refuse(ErrorCode::not_paired, "control ui requires device identity (use HTTPS or localhost secure context)",
                  details_with_code("CONTROL_UI_DEVICE_IDENTITY_REQUIRED"));
  const bool trusted_here = is_trusted_here(question, method);
  if (method == "none" && !(request.is_backend() && trusted_here)) return refuse_missing_device();
  if (trusted_here && (request.is_backend() || request.is_cli())) grant.scopes = wanted;
  return grant;
}

auth::PairingQuestion pairing_question(const ConnectQuestion& question, const std::string& method,
                                       const auth::KnownDevice& known, const auth::ScopeSet& scopes) {
  const ConnectRequest& request = question.request;
  auth::PairingQuestion pairing;
  pairing.role = request.role;
  pairing.scopes = scopes;
  pairing.platform = request.client.platform;
  pairing.device_family = request.client.device_family;
  pairing.client_id = request.client.id;
  pairing.method = method;
  if (method == "bootstrap-token") pairing.setup_access = known.setup_access;
  pairing.locality = locality_of(question, method);
  pairing.from_page = !question.peer.origin.empty();
  pairing.is_control_page = request.is_control_page() || request.client.mode == "webchat";
  pairing.approve_local = question.policy.approve_local;
  pairing.in_approved_network =
      !question.peer.forwarded && auth::is_in_networks(question.peer.address, question.policy.approved_networks);
  pairing.approve_vouched = question.policy.approve_vouched;
  pairing.vouched_scopes = question.policy.vouched_scopes;
  return pairing;
}

state::PairingRequestRow wish_of(const ConnectQuestion& question, const auth::ScopeSet& scopes, bool repair,
                                 bool silent) {
  const ConnectRequest& request = question.request;
  state::PairingRequestRow wish;
  wish.kind = "device";
  wish.device_id = request.device->id;
  wish.public_key = request.device->public_key;
  wish.display_name = request.client.display_name;
  wish.platform = request.client.platform;
  wish.device_family = request.client.device_family;
  wish.client_id = request.client.id;
  wish.client_mode = request.client.mode;
  wish.client_version = request.client.version;
  wish.role = request.role;
  wish.scopes = scopes.texts();
  if (request.is_node()) {
    wish.caps = request.client.caps;
    wish.commands =
        devices::offered_commands(request.commands, question.policy.commands_allowed, question.policy.commands_denied);
  }
  if (!question.peer.is_on_this_machine()) wish.remote_address = question.peer.address;
  wish.silent = silent;
  wish.repair = repair;
  wish.created_ms = question.now_ms;
  return wish;
}

// What it asks for, and for a setup code no more than the code gives.
auth::ScopeSet wanted_scopes(const ConnectQuestion& question, const std::string& method,
                             const auth::KnownDevice& known) {
  if (question.request.is_node()) return {};
  auth::ScopeSet wanted = auth::ScopeSet::of_names(question.request.scopes);
  if (method == "bootstrap-token") wanted = wanted.within(auth::access_of(known.setup_access).scopes);
  return wanted;
}

Decision grant_to_device(const ConnectQuestion& question, const Authenticated& authenticated,
                         const auth::KnownDevice& known) {
  const ConnectRequest& request = question.request;
  const std::string& method = authenticated.method;
  Grant grant;
  grant.method = method;
  grant.device_id = request.device->id;
  grant.role = request.is_node() ? auth::Role::node : auth::Role::operator_;
  grant.user = question.peer.user;
  grant.scopes = wanted_scopes(question, method, known);
  // A helper of this machine needs no record of its throw-away keys.
  if (!known.paired && request.is_backend() && !request.is_node() && is_trusted_here(question, method) &&
      method != "bootstrap-token")
    return grant;
  if (method == "device-token" && !known.token_scopes.covers(grant.scopes))
    return refuse_auth(auth_rows::scope_mismatch, "device token scope mismatch (re-pair or approve scope upgrade)",
                       false,
                       "This device may not have every scope that it asks for; what it has: OmeniaClaw devices list");
  const auth::PairingVerdict verdict =
      auth::judge_pairing(known, pairing_question(question, method, known, grant.scopes));
  const bool refused = verdict.reason != auth::PairingReason::none && verdict.approved_via.empty();
  state::PairingRequestRow wish = wish_of(question, grant.scopes, known.paired, !refused);
  if (refused) {
    Refusal refusal = refuse_pairing(question, known, verdict.reason, grant.scopes);
    refusal.request = std::move(wish);
    return refusal;
  }
  devices::Admission admission{.device_id = request.device->id,
                               .role = request.role,
                               .now_ms = question.now_ms,
                               .revision = known.revision,
                               .wish = std::move(wish),
                               .approved_via = std::string(verdict.approved_via),
                               .setup_id = method == "bootstrap-token" ? known.setup_id : "",
                               .setup_access = method == "bootstrap-token" ? known.setup_access : "",
                               .shown = authenticated.shown};
  grant.admission = std::make_shared<const devices::Admission>(std::move(admission));
  return grant;
}

}  // namespace

std::optional<Refusal> refuse_entry(const ConnectQuestion& question) {
  if (auto refusal = check_protocol(question.request)) return refusal;
  if (auto refusal = check_role(question.request)) return refusal;
  return check_origin(question);
}

std::optional<Refusal> refuse_locked(const ConnectQuestion& question, auth::Attempts& attempts) {
  const std::int64_t locked_ms = attempts.locked_ms(question.peer.caller(), question.now_ms);
  if (locked_ms == 0) return std::nullopt;
  Refusal refusal = refuse_auth(auth_rows::rate_limited, "too many failed authentication attempts (retry later)");
  refusal.error.retry_after_ms = locked_ms;
  return refusal;
}

std::optional<auth::ProofRefusal> prove(const ConnectRequest& request, std::string_view nonce, std::int64_t now_ms) {
  if (!request.device) return std::nullopt;
  return auth::refuse_proof(*request.device, nonce, now_ms);
}

std::optional<devices::Lookup> lookup_for(const ConnectQuestion& question) {
  const ConnectRequest& request = question.request;
  if (!request.device || question.proof_refusal) return std::nullopt;
  return devices::Lookup{request.device->id, request.role, request.bootstrap_token, question.now_ms};
}

Decision decide(const ConnectQuestion& question, const auth::Authenticator& authenticator,
                const auth::KnownDevice& known) {
  Authentication authentication = authenticate(question, authenticator, known);
  if (auto* refusal = std::get_if<Refusal>(&authentication)) return std::move(*refusal);
  const Authenticated& authenticated = std::get<Authenticated>(authentication);
  if (!question.request.device) return grant_without_device(question, authenticated.method);
  if (auto refusal = refuse_device_proof(question)) return std::move(*refusal);
  return grant_to_device(question, authenticated, known);
}

void count_guess(Refusal& refusal, const ConnectQuestion& question, auth::Attempts& attempts) {
  if (refusal.guessed) refusal.delay_ms = attempts.failed(question.peer.caller(), question.now_ms);
}

}  // namespace omenia::ws
