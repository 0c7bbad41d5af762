#include "worker/agents/run.h"

#include <algorithm>
#include <iterator>

#include "shared/json/json.h"
#include "shared/json/writer.h"

namespace omenia::agents {

namespace {

struct StatusRow {
  RunStatus status;
  std::string_view stored;
  std::string_view wire;
};
constexpr StatusRow status_rows[] = {
    {RunStatus::done, "done", "ok"},
    {RunStatus::failed, "failed", "error"},
    {RunStatus::aborted, "aborted", "timeout"},
    {RunStatus::timed_out, "timed_out", "timeout"},
    {RunStatus::interrupted, "interrupted", "error"},
};

const StatusRow& row_of(RunStatus status) {
  return *std::find_if(std::begin(status_rows), std::end(status_rows),
                       [status](const StatusRow& row) { return row.status == status; });
}

RunStatus status_named(std::string_view stored) {
  for (const StatusRow& row : status_rows)
    if (row.stored == stored) return row.status;
  return RunStatus::failed;
}

template <typename T>
void write_optional(JsonWriter& writer, std::string_view name, const std::optional<T>& value) {
  if (value) writer.member(name, *value);
}

void write_sampling(JsonWriter& writer, const providers::Sampling& sampling) {
  writer.key("sampling").begin_object();
  write_optional(writer, "temperature", sampling.temperature);
  write_optional(writer, "topP", sampling.top_p);
  write_optional(writer, "frequencyPenalty", sampling.frequency_penalty);
  write_optional(writer, "presencePenalty", sampling.presence_penalty);
  write_optional(writer, "seed", sampling.seed);
  write_optional(writer, "maxTokens", sampling.max_tokens);
  writer.key("stop").begin_array();
  for (const std::string& text : sampling.stop) writer.value(text);
  writer.end_array();
  if (!sampling.response_format.empty()) writer.raw_member("responseFormat", sampling.response_format);
  writer.end_object();
}

struct ChoiceRow {
  providers::ToolChoice::Kind kind;
  std::string_view name;
};
constexpr ChoiceRow choice_rows[] = {
    {providers::ToolChoice::Kind::automatic, "auto"},
    {providers::ToolChoice::Kind::required, "required"},
    {providers::ToolChoice::Kind::named, "named"},
};

void write_tools(JsonWriter& writer, const RunRequest& request) {
  if (request.client_tools.empty()) return;
  writer.key("clientTools").begin_array();
  for (const providers::Tool& tool : request.client_tools) {
    writer.begin_object().member("name", tool.name).member("description", tool.description);
    if (!tool.parameters.empty()) writer.raw_member("parameters", tool.parameters);
    write_optional(writer, "strict", tool.strict);
    writer.end_object();
  }
  writer.end_array().key("toolChoice").begin_object();
  for (const ChoiceRow& row : choice_rows)
    if (row.kind == request.tool_choice.kind) writer.member("kind", row.name);
  writer.member("name", request.tool_choice.name).end_object();
}

void read_tools(JsonView json, RunRequest& request) {
  for (JsonView item = json["clientTools"].first(); item; item = item.next()) {
    providers::Tool tool;
    tool.name = item["name"].text();
    tool.description = item["description"].text();
    if (const JsonView parameters = item["parameters"]) tool.parameters = parameters.dump();
    if (const JsonView strict = item["strict"]; strict.is_bool()) tool.strict = strict.boolean();
    request.client_tools.push_back(std::move(tool));
  }
  for (const ChoiceRow& row : choice_rows)
    if (row.name == json["toolChoice"]["kind"].text()) request.tool_choice.kind = row.kind;
  request.tool_choice.name = json["toolChoice"]["name"].text();
}

void write_calls(JsonWriter& writer, const std::vector<providers::ToolCall>& calls) {
  if (calls.empty()) return;
  writer.key("toolCalls").begin_array();
  for (const providers::ToolCall& call : calls)
    writer.begin_object()
        .member("id", call.id)
        .member("name", call.name)
        .member("arguments", call.arguments)
        .end_object();
  writer.end_array();
}

std::vector<providers::ToolCall> read_calls(JsonView list) {
  std::vector<providers::ToolCall> calls;
  for (JsonView item = list.first(); item; item = item.next())
    calls.push_back(
        {std::string(item["id"].text()), std::string(item["name"].text()), std::string(item["arguments"].text())});
  return calls;
}

std::optional<double> optional_number(JsonView view) {
  return view.is_number() ? std::optional(view.number()) : std::nullopt;
}
std::optional<std::int64_t> optional_integer(JsonView view) {
  return view.is_integer() ? std::optional(view.integer()) : std::nullopt;
}

providers::Sampling read_sampling(JsonView view) {
  providers::Sampling sampling;
  sampling.temperature = optional_number(view["temperature"]);
  sampling.top_p = optional_number(view["topP"]);
  sampling.frequency_penalty = optional_number(view["frequencyPenalty"]);
  sampling.presence_penalty = optional_number(view["presencePenalty"]);
  sampling.seed = optional_integer(view["seed"]);
  sampling.max_tokens = optional_integer(view["maxTokens"]);
  for (JsonView text = view["stop"].first(); text; text = text.next()) sampling.stop.emplace_back(text.text());
  if (view["responseFormat"]) sampling.response_format = view["responseFormat"].dump();
  return sampling;
}

}  // namespace

std::string_view stored_name(RunStatus status) {
  return row_of(status).stored;
}
std::string_view wire_status(RunStatus status) {
  return row_of(status).wire;
}

std::string RunRequest::to_json() const {
  JsonWriter writer(message.size() + 512);
  writer.begin_object()
      .member("runId", run_id)
      .member("sessionKey", session.text)
      .member("origin", origin)
      .member("message", message)
      .member("extraSystem", extra_system)
      .member("model", model)
      .member("thinking", thinking)
      .member("timeoutMs", timeout_ms)
      .member("clientId", client_id)
      .member("clientMode", client_mode)
      .member("senderIsOwner", sender_is_owner)
      .member("isolated", isolated);
  if (!subject.empty()) writer.member("subject", subject);
  write_sampling(writer, sampling);
  write_tools(writer, *this);
  if (!images.empty()) writer.member("images", images.size());
  return writer.end_object().take();
}

Result<RunRequest> RunRequest::from_json(std::string_view text) {
  TRY_ASSIGN(const Json json, Json::parse(text));
  if (json["images"]) return fail(ErrorCode::invalid_request, "the images of the request were not kept");
  RunRequest request;
  request.run_id = json["runId"].text();
  TRY_ASSIGN(request.session, sessions::parse_key(json["sessionKey"].text(), "main"));
  request.origin = json["origin"].text();
  request.message = json["message"].text();
  request.extra_system = json["extraSystem"].text();
  request.model = json["model"].text();
  request.thinking = json["thinking"].text();
  request.timeout_ms = json["timeoutMs"].integer(-1);
  request.client_id = json["clientId"].text();
  request.client_mode = json["clientMode"].text();
  request.subject = json["subject"].text();
  request.sender_is_owner = json["senderIsOwner"].boolean();
  request.isolated = json["isolated"].boolean();
  request.sampling = read_sampling(json["sampling"]);
  read_tools(json, request);
  return request;
}

std::string RunOutcome::to_json() const {
  JsonWriter writer(text.size() + 768);
  writer.begin_object()
      .member("runId", run_id)
      .member("sessionKey", session_key)
      .member("sessionId", session_id)
      .member("agentId", agent_id)
      .member("status", stored_name(status))
      .member("text", text)
      .member("stopReason", stop_reason)
      .member("provider", provider)
      .member("model", model)
      .member("responseModel", response_model)
      .member("acceptedAt", accepted_ms)
      .member("startedAt", started_ms)
      .member("endedAt", ended_ms);
  writer.key("usage").begin_object();
  writer.member("input", usage.input).member("output", usage.output).member("total", usage.total);
  writer.member("cacheRead", usage.cache_read).member("cacheWrite", usage.cache_write);
  write_optional(writer, "reasoning", usage.reasoning);
  writer.end_object();
  write_calls(writer, tool_calls);
  if (error)
    writer.key("error")
        .begin_object()
        .member("code", omenia::row_of(error->code).name)
        .member("message", error->message)
        .end_object();
  return writer.end_object().take();
}

Result<RunOutcome> RunOutcome::from_json(std::string_view text) {
  TRY_ASSIGN(const Json json, Json::parse(text));
  RunOutcome outcome;
  outcome.run_id = json["runId"].text();
  outcome.session_key = json["sessionKey"].text();
  outcome.session_id = json["sessionId"].text();
  outcome.agent_id = json["agentId"].text();
  outcome.status = status_named(json["status"].text());
  outcome.text = json["text"].text();
  outcome.stop_reason = json["stopReason"].text();
  outcome.provider = json["provider"].text();
  outcome.model = json["model"].text();
  outcome.response_model = json["responseModel"].text();
  outcome.accepted_ms = json["acceptedAt"].integer();
  outcome.started_ms = json["startedAt"].integer();
  outcome.ended_ms = json["endedAt"].integer();
  const JsonView usage = json["usage"];
  outcome.usage = {usage["input"].integer(),      usage["output"].integer(), usage["cacheRead"].integer(),
                   usage["cacheWrite"].integer(), usage["total"].integer(),  optional_integer(usage["reasoning"])};
  outcome.tool_calls = read_calls(json["toolCalls"]);
  if (const JsonView error = json["error"])
    outcome.error = fail(error_code_named(error["code"].text()), std::string(error["message"].text()));
  return outcome;
}

}  // namespace omenia::agents
