#pragma once
// Refusals: the words and codes of a connect that is not accepted.

#include <string>
#include <string_view>

#include "worker/ws/connect.h"

namespace omenia::ws {

// One row a reason for which credentials are refused.
struct AuthRow {
  std::string_view code;       // details.code
  std::string_view reason;     // details.authReason
  std::string_view next_step;  // details.recommendedNextStep
};
namespace auth_rows {
inline constexpr AuthRow token_missing = {"AUTH_TOKEN_MISSING", "token_missing", "update_auth_configuration"};
inline constexpr AuthRow token_mismatch = {"AUTH_TOKEN_MISMATCH", "token_mismatch", "update_auth_credentials"};
inline constexpr AuthRow password_missing = {"AUTH_PASSWORD_MISSING", "password_missing", "update_auth_configuration"};
inline constexpr AuthRow password_mismatch = {"AUTH_PASSWORD_MISMATCH", "password_mismatch", "update_auth_credentials"};
inline constexpr AuthRow device_token_mismatch = {"AUTH_DEVICE_TOKEN_MISMATCH", "device_token_mismatch",
                                                  "update_auth_credentials"};
inline constexpr AuthRow bootstrap_invalid = {"AUTH_BOOTSTRAP_TOKEN_INVALID", "bootstrap_token_invalid",
                                              "review_auth_configuration"};
inline constexpr AuthRow scope_mismatch = {"AUTH_SCOPE_MISMATCH", "scope_mismatch", "review_auth_configuration"};
inline constexpr AuthRow rate_limited = {"AUTH_RATE_LIMITED", "rate_limited", "wait_then_retry"};
}  // namespace auth_rows

Refusal refuse(ErrorCode code, std::string message, std::string details, int close_code = 1008);
Refusal refuse_auth(const AuthRow& row, std::string message, bool retry_with_device = false,
                    std::string_view remediation = {});

// {"code":...,"reason":...}
std::string details_with_code(std::string_view code, std::string_view reason = {});

// The shared secret is missing or wrong; says what this kind of client can do about it.
Refusal refuse_secret(const ConnectQuestion& question, auth::AuthMode mode, bool missing);
Refusal refuse_unvouched(const ConnectQuestion& question);  // No trusted proxy names a user.
Refusal refuse_missing_device();
Refusal refuse_while_leaving();  // The next worker will take it.
Refusal refuse_pairing(const ConnectQuestion& question, const auth::KnownDevice& known, auth::PairingReason reason,
                       const auth::ScopeSet& scopes);

}  // namespace omenia::ws
