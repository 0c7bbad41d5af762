// gateway call: any method, with the least scope that its row asks for.

#include <algorithm>

#include "cli/commands/all.h"
#include "cli/dial.h"
#include "cli/failure.h"
#include "shared/base/clock.h"

namespace omenia::cli {

namespace {

struct MethodScope {
  std::string_view method;
  std::string_view scope;   // As in the table's column.
  std::string_view traits;  // The same.
};

constexpr MethodScope method_scopes[] = {
#define METHOD(id, name, scope, params, result, traits, doc) {name, #scope, #traits},
#include "shared/tables/methods.def"
#undef METHOD
};

// A method that is in no row may be a newer gateway's, and one with a narrowed scope decides by its parameters: only
// admin is sure to be enough for these.
std::string scope_for(std::string_view method) {
  for (const MethodScope& row : method_scopes) {
    if (row.method != method || row.traits.find("narrowed") != std::string_view::npos) continue;
    const bool has_none = row.scope == "anyone" || row.scope == "operators" || row.scope == "node";
    return "operator." + std::string(has_none ? "read" : row.scope);
  }
  return "operator.admin";
}

Result<std::string> params_text(const Arguments& arguments) {
  const std::optional<std::string> text = arguments.value("--params");
  if (!text) return std::string();
  const Result<Json> params = Json::parse(*text);
  if (!params.ok()) return fail(ErrorCode::usage, "--params must be valid JSON.");
  if (!params.value().view().is_object()) return fail(ErrorCode::usage, "--params must be a JSON object.");
  return params.value().dump();
}

// The one response, or the last one of a method that first says "accepted".
Result<Answer> answer_of(Connection& connection, const std::string& method, const std::string& params, bool final) {
  const std::int64_t deadline = deadline_after(connection.call_ms);
  const std::string id = connection.client.start(method, params);
  while (true) {
    TRY_ASSIGN(std::optional<Answer> answer, connection.client.next_response(id, deadline));
    if (!answer) return fail(ErrorCode::unreachable, "interrupted");
    if (final && answer->ok && answer->payload["status"].text() == "accepted") continue;
    return std::move(*answer);
  }
}

}  // namespace

int run_gateway_call(Context& context, const Arguments& arguments) {
  constexpr std::string_view prefix = "Gateway call failed: ";
  const std::string& method = arguments.positionals().front();
  const Result<std::string> params = params_text(arguments);
  if (!params.ok()) return complain(context, params.error(), prefix);
  auto connection = dial(context, arguments, {method, command_identity(scope_for(method))});
  if (!connection) return 1;
  const Result<Answer> answer = answer_of(*connection, method, params.value(), arguments.flag("--expect-final"));
  if (!answer.ok()) return complain_lost(context, connection->target, answer.error());
  if (!answer.value().ok) return complain_refused(context, answer.value().error, prefix);
  if (!context.output.json) context.output.line("Gateway call: " + method);
  context.output.line(context.output.json ? answer.value().payload.dump() : answer.value().payload.dump_pretty());
  return 0;
}

int run_gateway_health(Context& context, const Arguments& arguments) {
  auto connection = dial(context, arguments, {"health", command_identity("operator.read")});
  if (!connection) return 1;
  const std::int64_t start_ms = steady_ms();
  const auto health = ask(context, *connection, "health", "");
  if (!health) return 1;
  if (context.output.json) {
    context.output.line(health->dump());
  } else {
    context.output.line("Gateway Health\nOK (" + std::to_string(steady_ms() - start_ms) + "ms)");
  }
  return (*health)["ok"].boolean(true) ? 0 : 1;
}

}  // namespace omenia::cli
