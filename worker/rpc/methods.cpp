#include "worker/rpc/methods.h"

#include <algorithm>

namespace omenia::rpc {

namespace {
constexpr MethodTraits plain;

const MethodRow rows[] = {
#define METHOD(id, name, scope, params, result, traits, doc) \
  {name, MethodScope::scope, params, result, traits, methods::id, doc},
#include "shared/tables/methods.def"
#undef METHOD
};

constexpr std::string_view unserved_node_methods[] = {
#define METHOD(id, name, scope, params, result, traits, doc)
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
  if (const MethodRow* row = find_method(name)) return row->scope == MethodScope::node;
  return std::find(std::begin(unserved_node_methods), std::end(unserved_node_methods), name) !=
         std::end(unserved_node_methods);
}

std::optional<auth::Scope> required_scope(MethodScope scope) {
  switch (scope) {
    case MethodScope::anyone:
    case MethodScope::operators:
    case MethodScope::node: return std::nullopt;
    case MethodScope::read: return auth::Scope::read;
    case MethodScope::write: return auth::Scope::write;
    case MethodScope::admin: return auth::Scope::admin;
    case MethodScope::approvals: return auth::Scope::approvals;
    case MethodScope::pairing: return auth::Scope::pairing;
    case MethodScope::questions: return auth::Scope::questions;
    case MethodScope::talk: return auth::Scope::talk;
  }
  return auth::Scope::admin;
}

std::string_view caller_text(MethodScope scope) {
  if (const auto required = required_scope(scope)) return auth::name_of(*required);
  if (scope == MethodScope::anyone) return "any";
  return scope == MethodScope::node ? "node" : "any operator";
}

bool ClientInfo::has_cap(std::string_view cap) const {
  return std::find(caps.begin(), caps.end(), cap) != caps.end();
}

}  // namespace omenia::rpc
