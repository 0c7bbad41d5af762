#include "worker/openai/response_request.h"

#include "shared/base/ids.h"
#include "shared/config/agents.h"
#include "shared/json/shape.h"
#include "shared/json/writer.h"
#include "worker/openai/agent_choice.h"
#include "worker/openai/client_tools.h"
#include "worker/openai/previous_response.h"
#include "worker/openai/request_fields.h"
#include "worker/openai/session_choice.h"

namespace omenia::openai {

namespace {

constexpr std::string_view numbers[] = {"temperature", "top_p"};

constexpr Field body_fields[] = {
    {.name = "model", .type = JsonType::string, .nullable = true},
    {.name = "stream", .type = JsonType::boolean, .nullable = true},
    {.name = "instructions", .type = JsonType::string, .nullable = true},
    {.name = "user", .type = JsonType::string, .nullable = true},
    {.name = "previous_response_id", .type = JsonType::string, .nullable = true},
    {.name = "tools", .type = JsonType::array, .nullable = true},
    {.name = "text", .type = JsonType::object, .nullable = true},
};
constexpr Shape body_shape{body_fields, false};

// Fields that would be answered wrongly if they were left out.
Result<void> refuse_what_changes_the_meaning(JsonView body) {
  for (const char* field : {"conversation", "prompt"})
    if (!is_absent(body[field]))
      return invalid("`" + std::string(field) +
                     "` is not supported: use `previous_response_id` or `user`, and `input`.");
  return {};
}

// {"type":"json_schema","name":...,"schema":...} as chat completions write it.
Result<std::string> read_format(JsonView format) {
  const std::string_view type = format["type"].text("text");
  if (is_absent(format) || type == "text") return std::string();
  if (type == "json_object") return std::string(R"({"type":"json_object"})");
  if (type != "json_schema" || !format["schema"].is_object())
    return invalid("`text.format` must be of type text, json_object, or json_schema with a schema.");
  JsonWriter writer;
  writer.begin_object().member("type", type).key("json_schema").begin_object();
  for (const char* name : {"name", "description", "schema", "strict"})
    if (!is_absent(format[name])) writer.member(name, format[name]);
  return writer.end_object().end_object().take();
}

Result<providers::Sampling> read_sampling(JsonView body) {
  providers::Sampling sampling;
  TRY(read_tokens_max(body, "max_output_tokens", sampling));
  TRY(read_numbers(body, numbers, sampling));
  TRY_ASSIGN(sampling.response_format, read_format(body["text"]["format"]));
  return sampling;
}

Result<void> read_turn(const Config& config, JsonView body, const ClientTools& tools, ResponseRequest& response) {
  TRY_ASSIGN(ResponseInput input, read_response_input(body["input"]));
  if (input.url_parts > static_cast<std::size_t>(config.response_url_parts_max))
    return invalid("`input` names more than " + std::to_string(config.response_url_parts_max) +
                   " images and files by URL.");
  TRY_ASSIGN(Turn turn, input.conversation.take_turn("Missing user message in `input`."));
  TRY_ASSIGN(response.attachments, read_attachments(turn.content));
  agents::RunRequest& run = response.run;
  run.message = std::move(turn.text);
  run.extra_system = trimmed(body["instructions"].text());
  append_paragraph(run.extra_system, input.conversation.system());
  append_paragraph(run.extra_system, instruction_of(tools));
  if (run.message.size() + run.extra_system.size() > limits::message_bytes_max)
    return invalid("`input` holds more than " + std::to_string(limits::message_bytes_max) + " bytes of text.");
  return {};
}

}  // namespace

Result<ResponseRequest> ResponseRequest::read(const worker::Context& context, const http::Request& request) {
  TRY_ASSIGN(const Json body,
             Json::parse(request.body.empty() ? std::string_view("{}") : std::string_view(request.body)));
  if (const std::string problems = problems_of(body, body_shape); !problems.empty()) return invalid(problems);
  if (is_absent(body["model"])) return invalid("Missing `model`.");
  if (is_absent(body["input"])) return invalid("Missing `input`.");
  TRY(refuse_what_changes_the_meaning(body));
  ResponseRequest response;
  response.model = body["model"].text();
  response.stream = body["stream"].boolean();
  agents::RunRequest& run = response.run;
  TRY_ASSIGN(run.sampling, read_sampling(body));
  TRY_ASSIGN(const AgentChoice choice, choose_agent(context, request, response.model));
  TRY_ASSIGN(SessionChoice session, choose_session(request, choice.agent_id, body["user"].text(), response_origin));
  run.session = std::move(session.key);
  if (!session.named) response.previous_id = body["previous_response_id"].text();
  if (!find_agent(*context.config(), run.session.agent_id))
    return invalid("Unknown agent '" + run.session.agent_id + "'.");
  if (!choice.backend_model.empty()) TRY(context.catalog->find(choice.backend_model));
  TRY_ASSIGN(ClientTools tools, read_client_tools(body["tools"], body["tool_choice"], ToolForm::flat));
  TRY(read_turn(*context.config(), body, tools, response));
  run.client_tools = std::move(tools.tools);
  run.tool_choice = std::move(tools.choice);
  run.run_id = "resp_" + ordered_uuid();
  run.origin = response_origin;
  run.told_at_end = true;
  run.subject = subject_of(context, request);
  run.model = choice.backend_model;
  run.client_id = "openai";
  run.client_mode = "http";
  run.sender_is_owner = choice.caller_is_owner;
  return response;
}

}  // namespace omenia::openai
