#pragma once
// The methods of the control protocol as a table; every fact about one is its row in shared/tables/methods.def. A row
// whose handler or shape is missing does not link.

#include <span>
#include <string_view>

#include "worker/rpc/call.h"
#include "worker/rpc/call_scopes.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

// Who may call: a peer of any role; any operator; an operator with this scope; a node.
enum class MethodScope { anyone, operators, read, write, admin, approvals, pairing, questions, talk, node };

// The rest of a row, which most rows leave plain: plain.hidden().narrowed(agent_scope).
struct MethodTraits {
  bool advertised = true;
  bool rate_limited = false;
  bool remembers_keys = false;
  CallScope call_scope = nullptr;

  // Callable, but not named in hello-ok.
  constexpr MethodTraits hidden() const {
    return with([](MethodTraits& it) { it.advertised = false; });
  }
  // A write to the control plane: so many a minute of one client.
  constexpr MethodTraits limited() const {
    return with([](MethodTraits& it) { it.rate_limited = true; });
  }
  // A repeated idempotencyKey gets the first answer, also from the next worker.
  constexpr MethodTraits keyed() const {
    return with([](MethodTraits& it) { it.remembers_keys = true; });
  }
  // The parameters decide which scope a call needs; the row's scope is the least of them.
  constexpr MethodTraits narrowed(CallScope scope) const {
    return with([scope](MethodTraits& it) { it.call_scope = scope; });
  }

 private:
  template <typename Change>
  constexpr MethodTraits with(Change change) const {
    MethodTraits changed = *this;
    change(changed);
    return changed;
  }
};

struct MethodRow {
  std::string_view name;
  MethodScope scope;
  const Shape& params;
  const Payload& result;
  MethodTraits traits;
  Handler handler;
  std::string_view doc;
};

std::span<const MethodRow> method_rows();
const MethodRow* find_method(std::string_view name);           // Null for an unknown one.
bool is_node_method(std::string_view name);                    // One that only a node may call, known here or not.
std::optional<auth::Scope> required_scope(MethodScope scope);  // Nothing: every connection of the right role.
std::string_view caller_text(MethodScope scope);               // "operator.read"; "any", "any operator", "node".

namespace methods {
#define METHOD(id, name, scope, params, result, traits, doc) AnswerTask id(CallPointer call);
#include "shared/tables/methods.def"
#undef METHOD
}  // namespace methods

}  // namespace omenia::rpc
