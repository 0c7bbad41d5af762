#include "worker/auth/authenticator.h"

#include <strings.h>

namespace omenia::auth {

std::string_view name_of(AuthMode mode) {
  switch (mode) {
    case AuthMode::none: return "none";
    case AuthMode::token: return "token";
    case AuthMode::password: return "password";
    case AuthMode::trusted_proxy: return "trusted-proxy";
  }
  return "token";
}

SecretCheck Authenticator::check(std::string_view token, std::string_view password) const {
  if (settings_.mode == AuthMode::none) return SecretCheck::granted;
  if (token.empty() && password.empty()) return SecretCheck::missing;
  // Both are always compared, so that time does not tell which field was right.
  const bool by_token = settings_.secret.equals(token);
  const bool by_password = settings_.secret.equals(password);
  return by_token || by_password ? SecretCheck::granted : SecretCheck::wrong;
}

std::optional<std::string_view> bearer_of(std::string_view header) {
  constexpr std::string_view scheme = "Bearer ";
  if (header.size() < scheme.size() || ::strncasecmp(header.data(), scheme.data(), scheme.size()) != 0)
    return std::nullopt;
  header.remove_prefix(scheme.size());
  const auto first = header.find_first_not_of(" \t");
  if (first == std::string_view::npos) return std::nullopt;
  return header.substr(first, header.find_last_not_of(" \t") - first + 1);
}

}  // namespace omenia::auth
