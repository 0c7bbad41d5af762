#include "worker/ws/connect.h"

#include "shared/json/writer.h"
#include "worker/auth/origin.h"

namespace omenia::ws {

namespace {

constexpr std::int64_t protocol = 4;
constexpr std::int64_t probe_protocol_min = 3;

std::string details_with_code(std::string_view code, std::string_view reason = {}) {
  JsonWriter writer;
  writer.begin_object().member("code", code);
  if (!reason.empty()) writer.member("reason", reason);
  return writer.end_object().take();
}

Refusal refuse(ErrorCode code, std::string message, std::string details, int close_code = 1008) {
  Refusal refusal;
  refusal.close_reason = message;
  refusal.close_code = close_code;
  refusal.error = Error{code, std::move(message), std::move(details), {}};
  return refusal;
}

// One row a reason for which credentials are refused.
struct AuthRow {
  std::string_view code;       // details.code
  std::string_view reason;     // details.authReason
  std::string_view next_step;  // details.recommendedNextStep
};
constexpr AuthRow token_missing = {"AUTH_TOKEN_MISSING", "token_missing", "update_auth_configuration"};
constexpr AuthRow token_mismatch = {"AUTH_TOKEN_MISMATCH", "token_mismatch", "update_auth_credentials"};
constexpr AuthRow password_missing = {"AUTH_PASSWORD_MISSING", "password_missing", "update_auth_configuration"};
constexpr AuthRow password_mismatch = {"AUTH_PASSWORD_MISMATCH", "password_mismatch", "update_auth_credentials"};
constexpr AuthRow device_token_mismatch = {"AUTH_DEVICE_TOKEN_MISMATCH", "device_token_mismatch",
                                           "update_auth_credentials"};
constexpr AuthRow bootstrap_invalid = {"AUTH_BOOTSTRAP_TOKEN_INVALID", "bootstrap_token_invalid",
                                       "review_auth_configuration"};
constexpr AuthRow rate_limited = {"AUTH_RATE_LIMITED", "rate_limited", "wait_then_retry"};

Refusal refuse_auth(const AuthRow& row, std::string message, bool retry_with_device = false) {
  JsonWriter details;
  details.begin_object()
      .member("code", row.code)
      .member("authReason", row.reason)
      .member("canRetryWithDeviceToken", retry_with_device)
      .member("recommendedNextStep", retry_with_device ? "retry_with_device_token" : row.next_step)
      .end_object();
  return refuse(ErrorCode::unauthorized, "unauthorized: " + std::move(message), details.take());
}

// What this kind of client can do about a wrong or missing secret.
std::string hint_for(const ConnectRequest& request, const PeerFacts& peer, std::string_view secret) {
  const std::string name(secret);
  if (request.is_control_page()) return "(open the dashboard URL and paste the " + name + " in Control UI settings)";
  if (request.client.id != "cli") return "(provide gateway auth " + name + ")";
  if (!peer.is_local()) return "(set gateway.remote." + name + " to match gateway.auth." + name + ")";
  return "(use this gateway's gateway.auth." + name + " or pair the device)";
}

std::optional<Refusal> check_protocol(const ConnectRequest& request) {
  const bool is_probe = request.client.mode == "probe" || (request.role == "node" && request.client.mode == "node");
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
  if (request.role == "operator" || request.role == "node") return std::nullopt;
  return refuse(ErrorCode::invalid_request, "invalid role", {});
}

std::optional<Refusal> check_origin(const ConnectQuestion& question) {
  const PeerFacts& peer = question.peer;
  const bool is_page = question.request.is_control_page() || question.request.client.mode == "webchat";
  if (peer.origin.empty() && !is_page) return std::nullopt;
  if (!peer.origin.empty() &&
      auth::is_origin_allowed({peer.origin, peer.host, peer.is_local()}, question.allowed_origins))
    return std::nullopt;
  return refuse(ErrorCode::invalid_request,
                "origin not allowed (open the Control UI from the gateway host or allow it in "
                "gateway.controlUi.allowedOrigins)",
                details_with_code("CONTROL_UI_ORIGIN_NOT_ALLOWED", "origin missing or invalid"));
}

Refusal refuse_secret(const ConnectQuestion& question, auth::AuthMode mode, auth::SecretCheck check) {
  const bool by_password = mode == auth::AuthMode::password;
  const std::string_view secret = by_password ? "password" : "token";
  const bool missing = check == auth::SecretCheck::missing;
  const AuthRow& row =
      by_password ? (missing ? password_missing : password_mismatch) : (missing ? token_missing : token_mismatch);
  const bool retry =
      row.code == token_mismatch.code && question.request.device && question.request.device_token.empty();
  return refuse_auth(row,
                     "gateway " + std::string(secret) + (missing ? " missing " : " mismatch ") +
                         hint_for(question.request, question.peer, secret),
                     retry);
}

// No secret at all: other credentials may have been shown, none of which this gateway has issued.
Refusal refuse_missing(const ConnectQuestion& question, auth::AuthMode mode) {
  const ConnectRequest& request = question.request;
  if (!request.device)
    return refuse(ErrorCode::not_paired, "device identity required", details_with_code("DEVICE_IDENTITY_REQUIRED"));
  if (!request.device_token.empty())
    return refuse_auth(device_token_mismatch, "device token mismatch (rotate/reissue device token)");
  if (!request.bootstrap_token.empty())
    return refuse_auth(bootstrap_invalid, "setup code invalid, expired, revoked, or already used (create a new code)");
  return refuse_secret(question, mode, auth::SecretCheck::missing);
}

std::optional<Refusal> check_secret(const ConnectQuestion& question, const auth::Authenticator& authenticator,
                                    auth::Attempts& attempts) {
  const auth::Caller caller = question.peer.caller();
  if (const std::int64_t locked_ms = attempts.locked_ms(caller, question.now_ms); locked_ms > 0) {
    Refusal refusal = refuse_auth(rate_limited, "too many failed authentication attempts (retry later)");
    refusal.error.retry_after_ms = locked_ms;
    return refusal;
  }
  const auth::SecretCheck check = authenticator.check(question.request.token, question.request.password);
  if (check == auth::SecretCheck::granted) {
    if (authenticator.mode() != auth::AuthMode::none) attempts.succeeded(caller);
    return std::nullopt;
  }
  const bool guessed = check == auth::SecretCheck::wrong || !question.request.device_token.empty() ||
                       !question.request.bootstrap_token.empty();
  Refusal refusal = check == auth::SecretCheck::missing ? refuse_missing(question, authenticator.mode())
                                                        : refuse_secret(question, authenticator.mode(), check);
  if (guessed) refusal.delay_ms = attempts.failed(caller, question.now_ms);
  return refusal;
}

// The shared secret proves the operator, not the program: only programs of this machine that are known to need no
// device identity keep the scopes they ask for without one.
std::variant<Grant, Refusal> grant(const ConnectQuestion& question, auth::AuthMode mode) {
  const ConnectRequest& request = question.request;
  Grant grant;
  grant.method = auth::name_of(mode);
  const bool trusted_here = question.peer.is_local() && question.peer.origin.empty();
  bool keeps_scopes = false;
  if (request.device) {
    if (const auto refused = auth::refuse_proof(*request.device, question.nonce, question.now_ms))
      return refuse(ErrorCode::invalid_request, std::string(refused->message),
                    details_with_code(refused->code, refused->reason));
    if (!question.peer.is_local() || request.role == "node")
      return refuse(ErrorCode::not_paired, "pairing required: device is not approved yet",
                    details_with_code("PAIRING_REQUIRED", "not-paired"));
    grant.device_id = request.device->id;
    keeps_scopes = true;
  } else if (request.role == "node") {
    return refuse(ErrorCode::not_paired, "device identity required", details_with_code("DEVICE_IDENTITY_REQUIRED"));
  } else if (request.needs_device()) {
    return refuse(ErrorCode::not_paired, "control ui requires device identity (use HTTPS or localhost secure context)",
                  details_with_code("CONTROL_UI_DEVICE_IDENTITY_REQUIRED"));
  } else if (mode == auth::AuthMode::none && !(request.is_backend() && trusted_here)) {
    return refuse(ErrorCode::not_paired, "device identity required", details_with_code("DEVICE_IDENTITY_REQUIRED"));
  } else {
    keeps_scopes = trusted_here && (request.is_backend() || request.is_cli());
  }
  if (keeps_scopes)
    for (const std::string& name : request.scopes) grant.scopes.add_by_name(name);
  return grant;
}

}  // namespace

std::variant<Grant, Refusal> decide(const ConnectQuestion& question, const auth::Authenticator& authenticator,
                                    auth::Attempts& attempts) {
  if (auto refusal = check_protocol(question.request)) return *refusal;
  if (auto refusal = check_role(question.request)) return *refusal;
  if (auto refusal = check_origin(question)) return *refusal;
  if (auto refusal = check_secret(question, authenticator, attempts)) return *refusal;
  return grant(question, authenticator.mode());
}

}  // namespace omenia::ws
