#pragma once
// Principal: who sends an HTTP request, and what may be done for him. Decided from the head alone, before any body is
// read; what a request says of itself can only narrow it.

#include <cstdint>
#include <string>
#include <variant>

#include "worker/auth/scopes.h"
#include "worker/context.h"

namespace omenia::worker {

struct Principal {
  // By what he is known: the shared secret, which everybody who knows it is the operator with; the word of a trusted
  // proxy; nothing, in mode none.
  enum class Known { by_secret, by_proxy, by_nothing };
  Known known = Known::by_nothing;
  std::string user;  // Whom the proxy names; empty otherwise.
  auth::ScopeSet scopes;

  // Somebody in particular, or whom the mode none makes one: x-OmeniaClaw-scopes narrows what he may do.
  bool has_identity() const { return known != Known::by_secret; }
  bool is_owner() const { return scopes.covers(auth::Scope::admin); }
};

struct AuthRefusal {
  Error error;
  std::int64_t delay_ms = 0;  // The answer is held back for so long.
};

// Counts wrong secrets, and looks at nothing of a caller that is locked out.
std::variant<Principal, AuthRefusal> authenticate(Context& context, const http::Request& head);

// Of a request that was let in and is still being answered: would it be now? Counts nothing.
bool is_still_let_in(const Context& context, const http::Request& head);

// Of a request that was let in: asks and counts nothing. Who would not be let in any more may do nothing.
Principal principal_of(const Context& context, const http::Request& head);

}  // namespace omenia::worker
