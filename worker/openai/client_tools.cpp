#include "worker/openai/client_tools.h"

#include <algorithm>
#include <set>
#include <utility>

#include "worker/openai/request_fields.h"
#include "worker/tools/registry.h"

namespace omenia::openai {

namespace {

Error bad_tools(const std::string& why) {
  return invalid("Invalid tools/tool_choice: " + why);
}

Result<providers::Tool> read_tool(JsonView item, ToolForm form) {
  if (!item.is_object()) return bad_tools("each tool must be an object");
  if (item["type"].text() != "function") return bad_tools("only function tools are supported");
  const bool nested = form == ToolForm::nested;
  const std::string path = nested ? "tool.function" : "tool";
  const JsonView function = nested ? item["function"] : item;
  if (!function.is_object()) return bad_tools(path + " is required");
  providers::Tool tool;
  tool.name = trimmed(function["name"].text());
  if (tool.name.empty()) return bad_tools(path + ".name is required");
  if (tool.name.size() > limits::tool_name_chars_max)
    return bad_tools(path + ".name is longer than " + std::to_string(limits::tool_name_chars_max) + " characters");
  tool.description = function["description"].text();
  if (const JsonView parameters = function["parameters"]; !is_absent(parameters)) {
    if (!parameters.is_object()) return bad_tools(path + ".parameters must be an object");
    tool.parameters = parameters.dump();
  }
  if (const JsonView strict = function["strict"]; !is_absent(strict)) {
    if (!strict.is_bool()) return bad_tools(path + ".strict must be true or false");
    tool.strict = strict.boolean();
  }
  return tool;
}

Result<std::vector<providers::Tool>> read_tools(JsonView list, ToolForm form) {
  std::vector<providers::Tool> tools;
  if (is_absent(list)) return tools;
  if (!list.is_array()) return bad_tools("tools must be an array");
  if (list.size() > limits::client_tools_max)
    return bad_tools("at most " + std::to_string(limits::client_tools_max) + " tools are taken");
  std::size_t bytes = 0;
  for (JsonView item = list.first(); item; item = item.next()) {
    TRY_ASSIGN(providers::Tool tool, read_tool(item, form));
    bytes += tool.name.size() + tool.description.size() + tool.parameters.size();
    tools.push_back(std::move(tool));
  }
  if (bytes > limits::client_tools_bytes_max)
    return bad_tools("the tools are described in more than " + std::to_string(limits::client_tools_bytes_max) +
                     " bytes");
  return tools;
}

// The model sees that one alone.
Result<void> demand(ClientTools& client, std::string name) {
  if (name.empty()) return bad_tools("tool_choice names no function");
  std::erase_if(client.tools, [&name](const providers::Tool& tool) { return tool.name != name; });
  if (client.tools.empty()) return bad_tools("tool_choice requested unknown tool: " + name);
  client.choice = {providers::ToolChoice::Kind::named, std::move(name)};
  return {};
}

Result<void> read_choice(JsonView choice, ClientTools& client) {
  const std::string_view word = choice.text();
  if (is_absent(choice) || word == "auto") return {};
  if (word == "none") {
    client.tools.clear();
    return {};
  }
  if (word == "required") {
    if (client.tools.empty()) return bad_tools("tool_choice=required but no tools were provided");
    client.choice.kind = providers::ToolChoice::Kind::required;
    return {};
  }
  const std::string_view type = choice["type"].text();
  if (type == "allowed_tools") return bad_tools("tool_choice allowed_tools is not supported");
  if (type != "function") return bad_tools("unsupported tool_choice type");
  const JsonView nested = choice["function"]["name"];
  return demand(client, trimmed((nested ? nested : choice["name"]).text()));
}

}  // namespace

Result<ClientTools> read_client_tools(JsonView tools, JsonView tool_choice, ToolForm form) {
  ClientTools client;
  TRY_ASSIGN(client.tools, read_tools(tools, form));
  TRY(read_choice(tool_choice, client));
  TRY(check_names(client.tools));
  return client;
}

Result<void> check_names(const std::vector<providers::Tool>& client_tools) {
  std::set<std::string_view> names;
  for (const providers::Tool& tool : client_tools)
    if (!names.insert(tool.name).second || tools::is_own_tool(tool.name)) return invalid("invalid tool configuration");
  return {};
}

std::string instruction_of(const ClientTools& tools) {
  using Kind = providers::ToolChoice::Kind;
  if (tools.choice.kind == Kind::named)
    return "The caller demands a call of the function " + tools.choice.name +
           ": make it in this answer. Text alone does not do.";
  if (tools.choice.kind != Kind::required) return {};
  std::string names;
  for (const providers::Tool& tool : tools.tools) names.append(names.empty() ? "" : ", ").append(tool.name);
  return "The caller demands a function call: make at least one in this answer, of these functions: " + names +
         ". Text alone does not do.";
}

std::optional<Error> unsatisfied(const providers::ToolChoice& choice, const agents::RunOutcome& outcome) {
  using Kind = providers::ToolChoice::Kind;
  const auto& calls = outcome.tool_calls;
  if (choice.kind == Kind::required && calls.empty())
    return fail(ErrorCode::provider_server_error, "tool_choice=required was not satisfied by the agent response");
  const bool lacks = std::none_of(calls.begin(), calls.end(),
                                  [&choice](const providers::ToolCall& call) { return call.name == choice.name; });
  if (choice.kind == Kind::named && lacks)
    return fail(ErrorCode::provider_server_error,
                "tool_choice required a " + choice.name + " tool call, but the agent did not produce one");
  return std::nullopt;
}

}  // namespace omenia::openai
