// config plan: what the file changes against what runs; without a gateway, against what the last one accepted.

#include "shared/config/plan.h"

#include "cli/commands/all.h"
#include "cli/dial.h"
#include "cli/failure.h"
#include "cli/output.h"
#include "shared/config/backups.h"
#include "shared/config/reload_decision.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

void write_change(JsonWriter& writer, const ConfigChange& change) {
  writer.begin_object().member("path", to_text(change.path)).member("class", to_text(change.reload));
  if (!change.before.empty()) writer.member("old", change.before);
  if (!change.after.empty()) writer.member("new", change.after);
  writer.end_object();
}

// The plan in the form of the gateway's answer.
Json plan_of(const LoadedConfig& accepted, const LoadedConfig& wanted) {
  const ReloadPlan plan = plan_reload(accepted, wanted);
  const ReloadDecision decision = decide(wanted.config.reload_mode, plan);
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("path", wanted.path).key("reload").begin_object();
  writer.member("action", to_text(decision.action)).member("class", to_text(plan.worst()));
  writer.member("mode", wanted.config.reload_mode);
  writer.member("text", decision.outcome.empty() ? decision.warning : decision.outcome).key("changes").begin_array();
  for (const ConfigChange& change : plan.changes) write_change(writer, change);
  writer.end_array().end_object();
  auto json = Json::parse(writer.end_object().text());
  return json.ok() ? std::move(json).value() : Json::object();
}

void tell(Output& output, JsonView answer, const std::string& against) {
  const JsonView reload = answer["reload"];
  for (JsonView problem = reload["problems"].first(); problem; problem = problem.next())
    output.line("× " + std::string(problem["path"].text()) + ": " + std::string(problem["message"].text()));
  const JsonView changes = reload["changes"];
  if (!changes.first() && !reload["problems"].first()) output.line("No change against " + against + ".");
  for (JsonView change = changes.first(); change; change = change.next())
    output.line(for_terminal(std::string(change["path"].text()) + ": " + std::string(change["old"].text("(not set)")) +
                             " → " + std::string(change["new"].text("(not set)")) + "  [" +
                             std::string(change["class"].text()) + "]"));
  if (!reload["text"].text().empty()) output.line(reload["text"].text());
}

int show(Context& context, JsonView answer, const std::string& against) {
  context.output.json ? context.output.line(answer.dump()) : tell(context.output, answer, against);
  return answer["ok"].boolean() ? 0 : 1;
}

int plan_without_gateway(Context& context) {
  const auto accepted = load_config(last_good_path(context.paths.config_path), context.environment);
  if (!accepted.ok()) return complain(context, accepted.error());
  if (!accepted.value().exists)
    return complain(context, fail(ErrorCode::usage,
                                  "No gateway answers, and none has accepted a configuration here "
                                  "yet: there is nothing to compare with."));
  return show(context, plan_of(accepted.value(), context.config), "what the last gateway accepted");
}

}  // namespace

int run_config_plan(Context& context, const Arguments& arguments) {
  if (!context.config.valid()) return complain(context, fail(ErrorCode::usage, describe_errors(context.config)));
  Dialed dialed = try_dial(context, arguments, {"config.plan", command_identity("operator.read")});
  if (auto* connection = std::get_if<Connection>(&dialed)) {
    const auto answer = ask(context, *connection, "config.plan", "");
    return answer ? show(context, *answer, "the running gateway") : 1;
  }
  if (std::get<DialFailure>(dialed).refusal) return complain(context, std::get<DialFailure>(dialed));
  return plan_without_gateway(context);
}

}  // namespace omenia::cli
