#pragma once
// Router: from a request frame to its handler, past the one authorization check.

#include "worker/rpc/call.h"

namespace omenia::rpc {

// May a peer of this role and with these scopes call this method with these parameters? Answers the row, or the error
// that goes back. Role first, then scope, then the parameters: who may not call learns nothing of them.
Result<const MethodRow*> authorize(auth::Role role, const auth::ScopeSet& scopes, std::string_view method,
                                   JsonView params);

// Whether the method is one for that role.
bool is_for_role(auth::Role role, std::string_view method);

// Whether hello-ok names the method to such a peer.
bool is_offered(const MethodRow& row, auth::Role role, const auth::ScopeSet& scopes);

// Calls the handler, past what the row's traits ask for.
AnswerTask handle(CallPointer call);

}  // namespace omenia::rpc
