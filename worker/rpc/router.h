#pragma once
// Router: from a request frame to its handler, past the one authorization check.

#include "worker/rpc/call.h"

namespace omenia::rpc {

// May this connection call this method with these parameters? Answers the row, or the error that goes back.
Result<const MethodRow*> authorize(const auth::ScopeSet& scopes, std::string_view method, JsonView params);

// {"code":"MISSING_SCOPE",...} as error forbidden.
Error missing_scope(auth::Scope scope);

}  // namespace omenia::rpc
