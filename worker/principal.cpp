#include "worker/principal.h"

#include <algorithm>
#include <optional>

#include "shared/base/clock.h"
#include "worker/attribution.h"
#include "worker/auth/hosts.h"

namespace omenia::worker {

namespace {

constexpr std::string_view scopes_header = "x-OmeniaClaw-scopes";

AuthRefusal unauthorized(std::int64_t delay_ms = 0) {
  return {fail(ErrorCode::unauthorized, "Unauthorized"), delay_ms};
}

// Without a credential that a page could not have, a page must be one of ours; and a name that somebody else has
// pointed at this machine is not ours.
bool is_of_our_pages(const Context& context, const http::Request& head) {
  if (head.has_header("origin")) return context.is_origin_allowed(head);
  if (head.header("sec-fetch-site") == "cross-site") return false;
  return !head.peer.loopback || auth::is_private_host(auth::host_name_of(head.header("host")));
}

// Nothing: the secret was shown.
std::optional<AuthRefusal> refuse_secret(Context& context, const http::Request& head) {
  const auth::Caller caller = caller_of(head, *context.config());
  const std::int64_t now_ms = wall_ms();
  if (const std::int64_t locked_ms = context.attempts.locked_ms(caller, now_ms); locked_ms > 0)
    return AuthRefusal{
        {ErrorCode::rate_limited, "Too many failed authentication attempts. Please try again later.", {}, locked_ms}};
  const auto bearer = auth::bearer_of(head.header("authorization"));
  switch (context.authenticator.check(bearer.value_or(""), {})) {
    case auth::SecretCheck::granted: context.attempts.succeeded(caller); return std::nullopt;
    case auth::SecretCheck::wrong: return unauthorized(context.attempts.failed(caller, now_ms));
    case auth::SecretCheck::missing: break;
  }
  return unauthorized();
}

bool shows_secret(const Context& context, const http::Request& head) {
  const auto bearer = auth::bearer_of(head.header("authorization"));
  return context.authenticator.check(bearer.value_or(""), {}) == auth::SecretCheck::granted;
}

bool is_vouched_for(const Context& context, const http::Request& head) {
  return context.authenticator.mode() == auth::AuthMode::trusted_proxy &&
         !voucher_of(head, *context.config()).user.empty();
}

// Whether he is let in or not, whatever secret he shows. Nothing: the secret decides.
std::optional<bool> is_let_in_without_secret(const Context& context, const http::Request& head) {
  const auth::AuthMode mode = context.authenticator.mode();
  if (mode == auth::AuthMode::none || is_vouched_for(context, head)) return is_of_our_pages(context, head);
  // Programs of this machine that have come without the proxy may use the password; behind it that would be a way
  // around.
  if (mode == auth::AuthMode::trusted_proxy && !is_direct_local(head, *context.config())) return false;
  return std::nullopt;
}

// Nothing: he is let in.
std::optional<AuthRefusal> refuse(Context& context, const http::Request& head) {
  const auto is_let_in = is_let_in_without_secret(context, head);
  if (!is_let_in) return refuse_secret(context, head);
  if (*is_let_in) return std::nullopt;
  return unauthorized();
}

// The names in all headers of that kind; nothing without any. A header that names none asks for none.
std::optional<auth::ScopeSet> asked_scopes(const http::Request& head) {
  std::optional<auth::ScopeSet> asked;
  for (const http::Header& header : head.headers) {
    if (!http::same_token(header.name, scopes_header)) continue;
    if (!asked) asked.emplace();
    for (std::string_view rest = header.value; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      asked->add_by_name(http::trimmed(rest.substr(0, comma)));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return asked;
}

}  // namespace

std::variant<Principal, AuthRefusal> authenticate(Context& context, const http::Request& head) {
  if (auto refusal = refuse(context, head)) return std::move(*refusal);
  return principal_of(context, head);
}

bool is_still_let_in(const Context& context, const http::Request& head) {
  if (const auto is_let_in = is_let_in_without_secret(context, head)) return *is_let_in;
  return shows_secret(context, head);
}

Principal principal_of(const Context& context, const http::Request& head) {
  Principal principal;
  principal.scopes = auth::ScopeSet::all();
  const Config& config = *context.config();
  if (is_vouched_for(context, head)) {
    principal.known = Principal::Known::by_proxy;
    principal.user = voucher_of(head, config).user;
    const auth::ScopeSet most = auth::ScopeSet::of_names(config.trusted_proxy_scopes);
    if (!config.trusted_proxy_scopes.empty()) principal.scopes = most;
  } else if (context.authenticator.mode() != auth::AuthMode::none) {
    principal.known = Principal::Known::by_secret;
    if (!shows_secret(context, head)) principal.scopes = {};
    return principal;
  }
  if (const auto asked = asked_scopes(head)) principal.scopes = asked->within(principal.scopes);
  return principal;
}

}  // namespace omenia::worker
