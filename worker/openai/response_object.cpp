#include "worker/openai/response_object.h"

#include <algorithm>

#include "shared/base/ids.h"
#include "shared/json/writer.h"

namespace omenia::openai {

namespace {

void write_usage(JsonWriter& writer, const providers::Usage& usage) {
  const std::int64_t prompt = usage.input + usage.cache_read;
  writer.key("usage").begin_object().member("input_tokens", prompt);
  writer.key("input_tokens_details").begin_object().member("cached_tokens", usage.cache_read);
  writer.member("cache_write_tokens", usage.cache_write).end_object();
  writer.member("output_tokens", usage.output);
  writer.key("output_tokens_details").begin_object().member("reasoning_tokens", usage.reasoning.value_or(0));
  writer.end_object().member("total_tokens", std::max(prompt + usage.output, usage.total)).end_object();
}

}  // namespace

std::string response_object(const ResponseHead& head, const ResponseState& state) {
  JsonWriter writer(1024);
  writer.begin_object().member("id", head.id).member("object", "response").member("created_at", head.created_s);
  writer.member("status", state.status).member("model", head.model).key("output").begin_array();
  for (const std::string& item : state.output) writer.raw(item);
  writer.end_array();
  write_usage(writer, state.usage);
  if (state.status == "incomplete")
    writer.key("incomplete_details").begin_object().member("reason", "max_output_tokens").end_object();
  if (state.error)
    writer.key("error")
        .begin_object()
        .member("code", omenia::row_of(state.error->code).http_type)
        .member("message", state.error->message)
        .end_object();
  return writer.end_object().take();
}

std::string text_part(std::string_view text) {
  JsonWriter writer(text.size() + 64);
  writer.begin_object().member("type", "output_text").member("text", text);
  return writer.key("annotations").begin_array().end_array().end_object().take();
}

std::string message_item(const MessageItem& item, std::string_view text) {
  JsonWriter writer(text.size() + 256);
  writer.begin_object().member("type", "message").member("id", item.id).member("role", "assistant");
  writer.key("content").begin_array();
  if (item.status != "in_progress") writer.raw(text_part(text));
  writer.end_array();
  if (!item.phase.empty()) writer.member("phase", item.phase);
  return writer.member("status", item.status).end_object().take();
}

std::string call_item(std::string_view id, const providers::ToolCall& call, std::string_view status) {
  JsonWriter writer(call.arguments.size() + 256);
  writer.begin_object().member("type", "function_call").member("id", id).member("call_id", call.id);
  writer.member("name", call.name);
  writer.member("arguments", status == "in_progress" ? std::string_view() : std::string_view(call.arguments));
  if (!status.empty()) writer.member("status", status);
  return writer.end_object().take();
}

std::string message_id() {
  return "msg_" + random_uuid();
}
std::string call_item_id() {
  return "call_" + random_uuid();
}

bool is_cut_off(const agents::RunOutcome& outcome) {
  return outcome.stop_reason == "length";
}

}  // namespace omenia::openai
