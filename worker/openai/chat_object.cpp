#include "worker/openai/chat_object.h"

#include <algorithm>

namespace omenia::openai {

namespace {
constexpr std::string_view cut_off_notice =
    "\n\n⚠️ This answer was cut off: the model reached its limit of output tokens. Ask it to go on.";
}  // namespace

std::string completion_object(const ChatRequest& chat, const agents::RunOutcome& outcome) {
  JsonWriter writer(outcome.text.size() + 512);
  writer.begin_object().member("id", chat.run.run_id).member("object", "chat.completion");
  writer.member("created", outcome.ended_ms / 1000).member("model", chat.model);
  writer.key("choices").begin_array().begin_object().member("index", 0);
  writer.key("message").begin_object().member("role", "assistant");
  writer.member("content", whole_text(outcome, chat.run.sampling));
  if (!outcome.tool_calls.empty()) {
    writer.key("tool_calls").begin_array();
    for (const providers::ToolCall& call : outcome.tool_calls) {
      writer.begin_object().member("id", call.id).member("type", "function").key("function").begin_object();
      writer.member("name", call.name).member("arguments", call.arguments).end_object().end_object();
    }
    writer.end_array();
  }
  writer.end_object().member("finish_reason", finish_reason_of(outcome)).end_object().end_array();
  write_chat_usage(writer, outcome.usage);
  return writer.end_object().take();
}

void write_chat_usage(JsonWriter& writer, const providers::Usage& usage) {
  const std::int64_t prompt = usage.input + usage.cache_read;
  writer.key("usage").begin_object().member("prompt_tokens", prompt).member("completion_tokens", usage.output);
  writer.member("total_tokens", std::max(prompt + usage.output, usage.total));
  if (usage.cache_read > 0)
    writer.key("prompt_tokens_details").begin_object().member("cached_tokens", usage.cache_read).end_object();
  if (usage.reasoning)
    writer.key("completion_tokens_details").begin_object().member("reasoning_tokens", *usage.reasoning).end_object();
  writer.end_object();
}

std::string_view finish_reason_of(const agents::RunOutcome& outcome) {
  for (const std::string_view reason : {"length", "tool_calls"})
    if (outcome.stop_reason == reason) return reason;
  return "stop";
}

std::string whole_text(const agents::RunOutcome& outcome, const providers::Sampling& sampling) {
  if (outcome.text.empty() && outcome.tool_calls.empty() && outcome.stop_reason != "length")
    return std::string(no_answer);
  const bool has_format = sampling.response_format.find("\"json_") != std::string::npos;
  if (outcome.stop_reason != "length" || has_format) return outcome.text;
  return outcome.text + std::string(cut_off_notice);
}

}  // namespace omenia::openai
