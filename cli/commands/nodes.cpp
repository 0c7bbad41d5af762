// nodes: machines that lend the gateway their commands.

#include "cli/commands/all.h"
#include "cli/commands/records.h"
#include "cli/failure.h"
#include "shared/base/ids.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

std::string id_params(std::string_view name, const std::string& id) {
  JsonWriter writer;
  return writer.begin_object().member(name, id).end_object().take();
}

std::string approval_of(JsonView node) {
  const std::string state = cell(node["approvalState"]);
  return node["pendingRequestId"] ? state + ", request " + cell(node["pendingRequestId"]) : state;
}

void print_nodes(Context& context, JsonView nodes) {
  if (nodes.size() == 0) return context.output.line("No node is paired.");
  std::vector<Row> rows{{"Node", "Name", "Platform", "Connected", "Commands", "Approval"}};
  for (JsonView node = nodes.first(); node; node = node.next())
    rows.push_back({cell(node["nodeId"]), cell(node["displayName"]), cell(node["platform"]),
                    node["connected"].boolean() ? "yes" : "no", joined(node["commands"]), approval_of(node)});
  context.output.line(framed_table(rows));
}

void print_node(Context& context, JsonView node) {
  say(context, "Node: " + cell(node["nodeId"]) + "\nName: " + cell(node["displayName"]) +
                   "\nPlatform: " + cell(node["platform"]) + "\nVersion: " + cell(node["version"]) + "\nConnected: " +
                   (node["connected"].boolean() ? "yes" : "no") + "\nCapabilities: " + joined(node["caps"]) +
                   "\nCommands: " + joined(node["commands"]) + "\nApproval: " + approval_of(node));
  if (node["pendingRequestId"])
    say(context, "Waiting: " + joined(node["pendingDeclaredCommands"]) + "\nApprove them with: " +
                     context.paths.command("nodes approve " + cell(node["pendingRequestId"])));
}

Result<std::string> invoke_params(const Arguments& arguments) {
  const auto& words = arguments.positionals();
  const std::string text = arguments.value_or("--params", "{}");
  const Result<Json> params = Json::parse(text);
  if (!params.ok()) return fail(ErrorCode::usage, "--params must be valid JSON.");
  TRY_ASSIGN(const auto timeout_ms, arguments.integer("--invoke-timeout", 1, 600'000));
  JsonWriter writer;
  writer.begin_object().member("nodeId", words.at(0)).member("command", words.at(1));
  writer.raw_member("params", params.value().dump()).member("idempotencyKey", random_uuid());
  if (timeout_ms) writer.member("timeoutMs", *timeout_ms);
  return writer.end_object().take();
}

}  // namespace

int run_nodes_list(Context& context, const Arguments& arguments) {
  const auto answer = ask_once(context, arguments, {"node.list", "operator.read", "{}"});
  if (!answer) return 1;
  if (!context.output.json) print_nodes(context, (*answer)["nodes"]);
  return 0;
}

int run_nodes_describe(Context& context, const Arguments& arguments) {
  const auto answer = ask_once(
      context, arguments, {"node.describe", "operator.read", id_params("nodeId", arguments.positionals().front())});
  if (!answer) return 1;
  if (!context.output.json) print_node(context, *answer);
  return 0;
}

int run_nodes_approve(Context& context, const Arguments& arguments) {
  const auto answer =
      ask_once(context, arguments,
               {"node.pair.approve", "operator.admin", id_params("requestId", arguments.positionals().front())});
  if (!answer) return 1;
  const JsonView node = (*answer)["node"];
  return say(context, "Approved " + cell(node["nodeId"]) + ": " + joined(node["commands"]));
}

int run_nodes_reject(Context& context, const Arguments& arguments) {
  const auto answer =
      ask_once(context, arguments,
               {"node.pair.reject", "operator.pairing", id_params("requestId", arguments.positionals().front())});
  return answer ? say(context, "Rejected the request of " + cell((*answer)["nodeId"]) + ".") : 1;
}

int run_nodes_remove(Context& context, const Arguments& arguments) {
  const auto answer =
      ask_once(context, arguments,
               {"node.pair.remove", "operator.pairing", id_params("nodeId", arguments.positionals().front())});
  return answer ? say(context, "Removed " + cell((*answer)["nodeId"]) + "; its connection is closed.") : 1;
}

int run_nodes_rename(Context& context, const Arguments& arguments) {
  const auto& words = arguments.positionals();
  JsonWriter params;
  params.begin_object().member("nodeId", words.at(0)).member("displayName", words.at(1)).end_object();
  const auto answer = ask_once(context, arguments, {"node.rename", "operator.pairing", params.take()});
  return answer ? say(context, "Renamed " + cell((*answer)["nodeId"]) + ".") : 1;
}

int run_nodes_invoke(Context& context, const Arguments& arguments) {
  const Result<std::string> params = invoke_params(arguments);
  if (!params.ok()) return complain(context, params.error());
  const auto answer = ask_once(context, arguments, {"node.invoke", "operator.admin", params.value()});
  if (!answer) return 1;
  return say(context, (*answer)["payload"].dump_pretty());
}

}  // namespace omenia::cli
