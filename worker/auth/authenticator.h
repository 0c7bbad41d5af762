#pragma once
// Authenticator: the one place where a shared secret is compared. Token and password live in the same check, because
// the mode decides which secret counts, not the field that a client put it in.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/secret.h"

namespace omenia::auth {

enum class AuthMode { none, token, password, trusted_proxy };

std::string_view name_of(AuthMode mode);

struct AuthSettings {
  AuthMode mode = AuthMode::token;
  Secret secret;  // Of the mode; empty in mode none. With a trusted proxy: the password of this machine's own programs.
};

enum class SecretCheck { granted, missing, wrong };

class Authenticator {
 public:
  explicit Authenticator(AuthSettings settings) : settings_(std::move(settings)) {}

  void change(AuthSettings settings) {
    settings_ = std::move(settings);
    ++epoch_;
  }
  std::int64_t epoch() const { return epoch_; }  // Another one after each change.
  AuthMode mode() const { return settings_.mode; }
  const AuthSettings& settings() const { return settings_; }
  // Either field may carry the secret; an empty one counts as missing. Granted to everybody in mode none.
  SecretCheck check(std::string_view token, std::string_view password) const;

 private:
  AuthSettings settings_;
  std::int64_t epoch_ = 0;
};

// The secret of "Bearer <secret>", scheme in any case, blanks trimmed; nothing for another scheme.
std::optional<std::string_view> bearer_of(std::string_view authorization_header);

}  // namespace omenia::auth
