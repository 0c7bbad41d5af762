#include "worker/rpc/router.h"

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc {

namespace {

// The scope that a call needs; nothing: none. What is in no row takes the greatest.
std::optional<auth::Scope> scope_of(const MethodRow* row, JsonView params) {
  if (!row) return auth::Scope::admin;
  return row->traits.call_scope ? row->traits.call_scope(params) : required_scope(row->scope);
}

bool is_for_role(auth::Role role, const MethodRow& row) {
  if (row.scope == MethodScope::anyone) return true;
  return (row.scope == MethodScope::node) == (role == auth::Role::node);
}

// Who calls, as far as that is proven.
std::string proven_name(const Connection& connection) {
  return connection.client().device_id + " " + connection.address();
}

using Remembered = std::optional<std::string>;

// One call of a key at a time: who comes second finds what the first has answered. Only good answers are kept, so that
// what failed can be tried again.
AnswerTask handle_once(CallPointer call) {
  worker::Context& context = call->context;
  const std::string method(call->method->name);
  const std::string key(call->params["idempotencyKey"].text());
  agents::Lanes::Turn turn(context.keyed_calls, method + " " + key);
  auto begun = turn.begun();
  co_await std::move(begun);
  TRY_AWAIT(const Remembered earlier, context.store->read<Remembered>([method, key](state::Tables& tables) {
    return tables.idempotency.find(method, key);
  }));
  if (earlier) co_return Answer{*earlier};
  auto handling = call->method->handler(call);
  auto answer = co_await std::move(handling);
  if (!answer.ok() || answer.value().error) co_return answer;
  TRY_AWAIT_DONE(context.store->write<bool>(
      [method, key, payload = answer.value().payload](state::Tables& tables) -> Result<bool> {
        const std::int64_t now_ms = wall_ms();
        TRY(tables.idempotency.forget_before(now_ms - limits::idempotency_age_ms_max));
        TRY(tables.idempotency.remember(method, key, payload, now_ms));
        return true;
      }));
  co_return answer;
}

}  // namespace

bool is_for_role(auth::Role role, std::string_view method) {
  if (const MethodRow* row = find_method(method)) return is_for_role(role, *row);
  return is_node_method(method) == (role == auth::Role::node);
}

bool is_offered(const MethodRow& row, auth::Role role, const auth::ScopeSet& scopes) {
  if (!row.traits.advertised || !is_for_role(role, row)) return false;
  const auto scope = required_scope(row.scope);
  return !scope || scopes.covers(*scope);
}

Result<const MethodRow*> authorize(auth::Role role, const auth::ScopeSet& scopes, std::string_view method,
                                   JsonView params) {
  if (!is_for_role(role, method))
    return fail(ErrorCode::invalid_request, "unauthorized role: " + std::string(auth::name_of(role)));
  const MethodRow* row = find_method(method);
  if (role == auth::Role::operator_) {
    const std::optional<auth::Scope> scope = scope_of(row, params);
    if (scope && !scopes.covers(*scope)) return auth::missing_scope(*scope);
  }
  if (method == "connect") return fail(ErrorCode::invalid_request, "connect is only valid as the first request");
  if (!row) return fail(ErrorCode::unknown_method, "unknown method: " + std::string(method));
  TRY(check_params(method, params, row->params));
  return row;
}

namespace {

AnswerTask handle_by_traits(CallPointer call) {
  const MethodTraits& traits = call->method->traits;
  if (traits.rate_limited)
    CO_TRY(call->context.write_rate.admit(call->method->name, proven_name(call->connection), steady_ms()));
  const bool remembers = traits.remembers_keys && call->params["idempotencyKey"];
  auto handling = remembers ? handle_once(call) : call->method->handler(call);
  auto answer = co_await std::move(handling);
  co_return answer;
}

}  // namespace

AnswerTask handle(CallPointer call) {
  const std::int64_t begun_us = steady_us();
  auto handling = handle_by_traits(call);
  auto answer = co_await std::move(handling);
  const bool ok = answer.ok() && !answer.value().error;
  const auto index = static_cast<std::size_t>(call->method - method_rows().data());
  call->context.metrics.count_call(index, ok, steady_us() - begun_us);
  co_return answer;
}

}  // namespace omenia::rpc
