#pragma once
// The methods of the control protocol as a table; every fact about one is its row in shared/tables/methods.def. A row
// whose handler is missing does not link.

#include <span>
#include <string_view>

#include "shared/json/shape.h"
#include "worker/rpc/call.h"

namespace omenia::rpc {

enum class MethodScope { anyone, read, write, admin };

struct MethodRow {
  std::string_view name;
  MethodScope scope;
  const Shape& params;
  Handler handler;
  std::string_view doc;
};

std::span<const MethodRow> method_rows();
const MethodRow* find_method(std::string_view name);           // Null for an unknown one.
bool is_node_method(std::string_view name);                    // One that only a node may call.
std::optional<auth::Scope> required_scope(MethodScope scope);  // Nothing: every authenticated connection.

namespace methods {
#define METHOD(id, name, scope, params, doc) AnswerTask id(CallPointer call);
#include "shared/tables/methods.def"
#undef METHOD
}  // namespace methods

}  // namespace omenia::rpc
