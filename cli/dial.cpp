// See dial.h.

#include "cli/dial.h"

#include <algorithm>

#include "cli/failure.h"
#include "shared/base/limits.h"

namespace omenia::cli {

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

Result<Target> target_of(Context& context, const Arguments& arguments) {
  if (context.config.valid()) return resolve_target(arguments, context.config.config, context.environment, local_port(context));
  if (!context.output.json) context.output.note(describe_errors(context.config));
  return resolve_target(arguments, Config{}, context.environment, local_port(context));
}

std::optional<Connection> dial(Context& context, const Arguments& arguments, std::string_view method,
                               const Identity& identity, int interrupt_descriptor) {
  const auto timeout = arguments.integer("--timeout", 1, limits::agent_wait_ms_max);
  Result<Target> target = target_of(context, arguments);
  if (!timeout.ok() || !target.ok()) {
    complain(context, timeout.ok() ? target.error() : timeout.error());
    return std::nullopt;
  }
  if (!target.value().has_credentials()) {
    complain(context, fail(ErrorCode::usage,
                           "gateway " + std::string(method) +
                               " requires credentials before opening a websocket\n"
                               "Fix: configure gateway.auth token/password, pair this device, or pass "
                               "--token/--password.\nConfig: " +
                               shortened(context.paths.config_path, context.home())));
    return std::nullopt;
  }
  const std::int64_t call_ms = timeout.value().value_or(limits::command_call_ms);
  const std::int64_t deadline = deadline_after(std::min<std::int64_t>(call_ms, limits::command_timeout_ms));
  Result<GatewayClient> client = GatewayClient::open(target.value(), deadline, interrupt_descriptor);
  if (!client.ok()) {
    complain_unreachable(context, target.value(), client.error());
    return std::nullopt;
  }
  Result<Answer> hello = client.value().connect(target.value(), identity, deadline);
  if (!hello.ok()) {
    complain_unreachable(context, target.value(), hello.error());
    return std::nullopt;
  }
  if (!hello.value().ok) {
    complain_refused(context, hello.value().error);
    return std::nullopt;
  }
  return Connection{std::move(target).value(), std::move(client).value(), std::move(hello.value().payload), call_ms};
}

std::optional<Json> ask(Context& context, Connection& connection, std::string_view method, std::string_view params,
                        std::string_view failure_prefix) {
  Result<Answer> answer = connection.client.call(method, params, deadline_after(connection.call_ms));
  if (!answer.ok()) {
    complain_unreachable(context, connection.target, answer.error());
    return std::nullopt;
  }
  if (!answer.value().ok) {
    complain_refused(context, answer.value().error, failure_prefix);
    return std::nullopt;
  }
  return std::move(answer.value().payload);
}

int local_port(const Context& context) {
  (void)context;
  return 18789;
}

}  // namespace omenia::cli
