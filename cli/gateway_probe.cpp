// See gateway_probe.h.

#include "cli/gateway_probe.h"

#include <algorithm>

#include "shared/base/clock.h"

namespace omenia::cli {

namespace {

void take_hello(GatewayProbe& probe, JsonView hello) {
  probe.ok = true;
  probe.reached = true;
  probe.role = hello["auth"]["role"].text();
  for (JsonView scope = hello["auth"]["scopes"].first(); scope; scope = scope.next())
    probe.scopes.emplace_back(scope.text());
  probe.version = hello["server"]["version"].text();
  probe.connection_id = hello["server"]["connId"].text();
  probe.capability = capability_of(probe.scopes);
}

void take_failure(GatewayProbe& probe, const DialFailure& failure) {
  probe.error = failure.error.message;
  probe.reached = static_cast<bool>(failure.refusal);
  const JsonView details = failure.refusal["details"];
  probe.detail_code = details["code"].text();
  if (probe.detail_code == "PAIRING_REQUIRED") probe.capability = "pairing_pending";
}

void take_answer(GatewayProbe& probe, Result<Answer> answer) {
  probe.ok = answer.ok() && answer.value().ok;
  if (!answer.ok()) {
    probe.error = answer.error().message;
  } else if (!answer.value().ok) {
    probe.error = answer.value().error["message"].text();
  } else {
    probe.answer = std::move(answer.value().payload);
  }
}

}  // namespace

GatewayProbe probe_gateway(const Context& context, const Arguments& arguments, const Purpose& purpose,
                           const Target& target, std::string_view method, std::string_view params) {
  GatewayProbe probe;
  probe.url = target.url;
  const std::int64_t start_ms = steady_ms();
  Dialed dialed = try_dial_target(context, arguments, purpose, target);
  if (auto* connection = std::get_if<Connection>(&dialed)) {
    take_hello(probe, connection->hello);
    if (!method.empty())
      take_answer(probe, connection->client.call(method, params, deadline_after(connection->call_ms)));
  } else {
    take_failure(probe, std::get<DialFailure>(dialed));
  }
  probe.latency_ms = steady_ms() - start_ms;
  return probe;
}

std::string capability_of(const std::vector<std::string>& scopes) {
  const auto has = [&scopes](std::string_view scope) {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
  };
  if (has("operator.admin")) return "admin_capable";
  if (has("operator.write")) return "write_capable";
  if (has("operator.read")) return "read_only";
  return "connected_no_operator_scope";
}

std::string dashed(std::string_view capability) {
  std::string word(capability);
  std::replace(word.begin(), word.end(), '_', '-');
  return word;
}

}  // namespace omenia::cli
