// See dial.h.

#include "cli/dial.h"

#include <algorithm>

#include "cli/failure.h"
#include "cli/settings.h"
#include "cli/tls_trust.h"
#include "shared/base/limits.h"

namespace omenia::cli {

namespace {

Error no_credentials(const Context& context, std::string_view method) {
  return fail(
      ErrorCode::usage,
      "gateway " + std::string(method) +
          " requires credentials before opening a websocket\n"
          "Fix: configure gateway.auth token/password, pair this device, or pass --token/--password.\nConfig: " +
          shortened(context.paths.config_path, context.home()));
}

Result<std::int64_t> call_ms_of(const Arguments& arguments, const Purpose& purpose) {
  if (purpose.call_ms > 0) return purpose.call_ms;
  TRY_ASSIGN(const auto timeout_ms, arguments.integer("--timeout", 1, limits::agent_wait_ms_max));
  return timeout_ms.value_or(limits::command_call_ms);
}

Dialed greet(Target target, GatewayClient client, const Purpose& purpose, std::int64_t call_ms,
             std::int64_t deadline_steady_ms) {
  Result<Answer> hello = client.connect(target, purpose.identity, deadline_steady_ms);
  if (!hello.ok()) return DialFailure{std::move(hello).error(), std::move(target), {}};
  Answer& answer = hello.value();
  if (answer.ok) return Connection{std::move(target), std::move(client), std::move(answer.payload), call_ms};
  Error refused = fail(ErrorCode::unauthorized, std::string(answer.error["message"].text()));
  return DialFailure{std::move(refused), std::move(target), std::move(answer.error)};
}

}  // namespace

Identity command_identity(std::string_view scope) {
  Identity identity;
  identity.scopes = {std::string(scope)};
  return identity;
}

Identity backend_identity(std::string_view scope, std::string_view for_method) {
  Identity identity = command_identity(scope);
  identity.id = "gateway-client";
  identity.mode = "backend";
  identity.display_name = "gateway:" + std::string(for_method);
  return identity;
}

Identity probe_identity() {
  Identity identity = command_identity("operator.read");
  identity.mode = "probe";
  identity.protocol_min = 3;
  return identity;
}

Dialed try_dial(Context& context, const Arguments& arguments, const Purpose& purpose) {
  Result<Target> target = target_of(context, arguments);
  if (!target.ok()) return DialFailure{target.error(), {}, {}};
  return try_dial_target(context, arguments, purpose, std::move(target).value());
}

Dialed try_dial_target(const Context& context, const Arguments& arguments, const Purpose& purpose, Target target) {
  const Result<std::int64_t> call_ms = call_ms_of(arguments, purpose);
  if (!call_ms.ok()) return DialFailure{call_ms.error(), {}, {}};
  if (target.tls) target.trust = trust_for(target, usable_config(context), context.paths.state_dir);
  if (!target.has_credentials()) return DialFailure{no_credentials(context, purpose.method), {}, {}};
  const std::int64_t deadline = deadline_after(std::min<std::int64_t>(call_ms.value(), limits::command_timeout_ms));
  Result<GatewayClient> client = GatewayClient::open(target, deadline, purpose.interrupt_descriptor);
  if (!client.ok()) return DialFailure{client.error(), std::move(target), {}};
  return greet(std::move(target), std::move(client).value(), purpose, call_ms.value(), deadline);
}

int complain(Context& context, const DialFailure& failure) {
  if (failure.refusal) return complain_refused(context, failure.refusal);
  if (failure.target) return complain_unreachable(context, *failure.target, failure.error);
  return complain(context, failure.error);
}

std::optional<Connection> dial(Context& context, const Arguments& arguments, const Purpose& purpose) {
  auto outcome = try_dial(context, arguments, purpose);
  if (auto* connection = std::get_if<Connection>(&outcome)) return std::move(*connection);
  complain(context, std::get<DialFailure>(outcome));
  return std::nullopt;
}

std::optional<Json> ask(Context& context, Connection& connection, std::string_view method, std::string_view params) {
  Result<Answer> answer = connection.client.call(method, params, deadline_after(connection.call_ms));
  if (!answer.ok()) {
    complain_lost(context, connection.target, answer.error());
    return std::nullopt;
  }
  if (!answer.value().ok) {
    complain_refused(context, answer.value().error);
    return std::nullopt;
  }
  return std::move(answer.value().payload);
}

Result<Target> target_of(Context& context, const Arguments& arguments) {
  if (!context.config.valid()) context.output.note(describe_errors(context.config));
  TRY_ASSIGN(const int port, local_port(context));
  return resolve_target(arguments, usable_config(context), context.environment, port);
}

}  // namespace omenia::cli
