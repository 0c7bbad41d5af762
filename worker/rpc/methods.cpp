#include "worker/rpc/methods.h"

#include <algorithm>

#include "worker/rpc/params.h"

namespace omenia::rpc {

namespace {
const MethodRow rows[] = {
#define METHOD(id, name, scope, params, doc) {name, MethodScope::scope, params, methods::id, doc},
#include "shared/tables/methods.def"
#undef METHOD
};

constexpr std::string_view node_methods[] = {
#define METHOD(id, name, scope, params, doc)
#define NODE_METHOD(name) name,
#include "shared/tables/methods.def"
#undef NODE_METHOD
#undef METHOD
};
}  // namespace

std::span<const MethodRow> method_rows() {
  return rows;
}

const MethodRow* find_method(std::string_view name) {
  const auto found =
      std::find_if(std::begin(rows), std::end(rows), [name](const MethodRow& row) { return row.name == name; });
  return found == std::end(rows) ? nullptr : found;
}

bool is_node_method(std::string_view name) {
  return std::find(std::begin(node_methods), std::end(node_methods), name) != std::end(node_methods);
}

std::optional<auth::Scope> required_scope(MethodScope scope) {
  switch (scope) {
    case MethodScope::anyone: return std::nullopt;
    case MethodScope::read: return auth::Scope::read;
    case MethodScope::write: return auth::Scope::write;
    case MethodScope::admin: return auth::Scope::admin;
  }
  return auth::Scope::admin;
}

bool ClientInfo::has_cap(std::string_view cap) const {
  return std::find(caps.begin(), caps.end(), cap) != caps.end();
}

}  // namespace omenia::rpc
