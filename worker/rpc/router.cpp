#include "worker/rpc/router.h"

#include "shared/json/writer.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc {

Error missing_scope(auth::Scope scope) {
  const std::string name(auth::name_of(scope));
  JsonWriter details;
  details.begin_object().member("code", "MISSING_SCOPE").member("missingScope", name);
  details.key("requiredScopes").begin_array().value(name).end_array().end_object();
  return Error{ErrorCode::forbidden, "missing scope: " + name, details.take(), {}};
}

Result<const MethodRow*> authorize(const auth::ScopeSet& scopes, std::string_view method, JsonView params) {
  const MethodRow* row = find_method(method);
  const std::optional<auth::Scope> scope = row ? required_scope(row->scope) : auth::Scope::admin;
  if (scope && !scopes.covers(*scope)) return missing_scope(*scope);
  if (method == "connect") return fail(ErrorCode::invalid_request, "connect is only valid as the first request");
  if (!row) return fail(ErrorCode::unknown_method, "unknown method: " + std::string(method));
  TRY(check_params(method, params, row->params));
  return row;
}

}  // namespace omenia::rpc
