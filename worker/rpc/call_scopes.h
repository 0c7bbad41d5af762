#pragma once
// The scopes of methods whose parameters decide: what a given call needs. They see parameters before those are checked.

#include "shared/json/json.h"
#include "worker/auth/scopes.h"

namespace omenia::rpc {

using CallScope = auth::Scope (*)(JsonView params);

auth::Scope agent_scope(JsonView params);            // admin when the message resets its session.
auth::Scope sessions_create_scope(JsonView params);  // admin for fields that touch the host or hide the session.
auth::Scope sessions_patch_scope(JsonView params);   // admin for anything but how a session is shown and answers.
auth::Scope sessions_patch_many_scope(JsonView params);
auth::Scope sessions_delete_scope(JsonView params);  // write for what was archived before.
auth::Scope node_invoke_scope(JsonView params);      // admin for commands that reach into the node's system.

}  // namespace omenia::rpc
