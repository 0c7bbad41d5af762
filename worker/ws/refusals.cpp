#include "worker/ws/refusals.h"

#include "shared/json/writer.h"

namespace omenia::ws {

namespace {

// What this kind of client can do about a wrong or missing secret.
std::string hint_for(const ConnectRequest& request, const PeerFacts& peer, std::string_view secret) {
  const std::string name(secret);
  if (request.is_control_page()) return "(open the dashboard URL and paste the " + name + " in Control UI settings)";
  if (request.client.id != "cli") return "(provide gateway auth " + name + ")";
  if (!peer.is_on_this_machine()) return "(set gateway.remote." + name + " to match gateway.auth." + name + ")";
  return "(use this gateway's gateway.auth." + name + " or pair the device)";
}

void write_list(JsonWriter& writer, std::string_view name, const std::vector<std::string>& items) {
  writer.key(name).begin_array();
  for (const std::string& item : items) writer.value(item);
  writer.end_array();
}

// Without its closing brace: the request's id comes when the request is in the store.
std::string pairing_details(const ConnectQuestion& question, const auth::KnownDevice& known, auth::PairingReason reason,
                            const auth::ScopeSet& scopes) {
  const ConnectRequest& request = question.request;
  JsonWriter details;
  details.begin_object().member("code", "PAIRING_REQUIRED").member("reason", auth::name_of(reason));
  if (request.needs_device())
    details.member("recommendedNextStep", "wait_then_retry").member("retryable", true).member("pauseReconnect", false);
  details.member("deviceId", request.device->id).member("requestedRole", request.role);
  write_list(details, "requestedScopes", scopes.texts());
  if (known.paired) {
    write_list(details, "approvedRoles", known.roles);
    write_list(details, "approvedScopes", known.scopes.texts());
  }
  return details.end_object().take();
}

}  // namespace

std::string details_with_code(std::string_view code, std::string_view reason) {
  JsonWriter writer;
  writer.begin_object().member("code", code);
  if (!reason.empty()) writer.member("reason", reason);
  return writer.end_object().take();
}

Refusal refuse(ErrorCode code, std::string message, std::string details, int close_code) {
  Refusal refusal;
  refusal.close_reason = message;
  refusal.close_code = close_code;
  refusal.error = Error{code, std::move(message), std::move(details), {}};
  return refusal;
}

Refusal refuse_auth(const AuthRow& row, std::string message, bool retry_with_device, std::string_view remediation) {
  JsonWriter details;
  details.begin_object()
      .member("code", row.code)
      .member("authReason", row.reason)
      .member("canRetryWithDeviceToken", retry_with_device)
      .member("recommendedNextStep", retry_with_device ? "retry_with_device_token" : row.next_step);
  if (!remediation.empty()) details.member("remediationHint", remediation);
  return refuse(ErrorCode::unauthorized, "unauthorized: " + std::move(message), details.end_object().take());
}

Refusal refuse_secret(const ConnectQuestion& question, auth::AuthMode mode, bool missing) {
  const bool by_password = mode == auth::AuthMode::password || mode == auth::AuthMode::trusted_proxy;
  const std::string_view secret = by_password ? "password" : "token";
  const AuthRow& row = by_password ? (missing ? auth_rows::password_missing : auth_rows::password_mismatch)
                                   : (missing ? auth_rows::token_missing : auth_rows::token_mismatch);
  const bool retry =
      row.code == auth_rows::token_mismatch.code && question.request.device && question.request.device_token.empty();
  Refusal refusal = refuse_auth(row,
                                "gateway " + std::string(secret) + (missing ? " missing " : " mismatch ") +
                                    hint_for(question.request, question.peer, secret),
                                retry);
  refusal.guessed = !missing;
  return refusal;
}

Refusal refuse_unvouched(const ConnectQuestion& question) {
  const AuthRow row{"AUTH_UNAUTHORIZED", question.peer.no_user_reason, "review_auth_configuration"};
  Refusal refusal = refuse_auth(row, "");
  refusal.error.message = refusal.close_reason = "unauthorized";
  return refusal;
}

Refusal refuse_while_leaving() {
  Refusal refusal = refuse(ErrorCode::unavailable, "gateway restart in progress",
                           R"({"method":"connect","reason":"restart","phase":"draining"})", 1013);
  refusal.error.retry_after_ms = 1'000;
  return refusal;
}

Refusal refuse_missing_device() {
  return refuse(ErrorCode::not_paired, "device identity required", details_with_code("DEVICE_IDENTITY_REQUIRED"));
}

Refusal refuse_pairing(const ConnectQuestion& question, const auth::KnownDevice& known, auth::PairingReason reason,
                       const auth::ScopeSet& scopes) {
  return refuse(ErrorCode::not_paired, std::string(auth::message_of(reason)),
                pairing_details(question, known, reason, scopes));
}

// The client shows the reason; the operator, whom it may be the same person, needs the command.
Refusal with_request_id(Refusal refusal, const std::string& request_id) {
  JsonWriter more;
  more.begin_object().member("requestId", request_id);
  more.member("remediationHint",
              "Approve this device from the pending pairing requests: OmeniaClaw devices approve " + request_id);
  std::string text = more.take() + ",";
  std::string& details = refusal.error.details;
  const std::size_t after_reason = details.find(',', details.find("\"reason\"")) + 1;
  details.insert(after_reason, text.substr(1));
  refusal.close_reason += " (requestId: " + request_id + ")";
  return refusal;
}

}  // namespace omenia::ws
