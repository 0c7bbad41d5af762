#include "worker/providers/openai_chunks.h"

#include <algorithm>
#include <iterator>

#include "shared/base/limits.h"
#include "worker/providers/failure.h"

namespace omenia::providers {

namespace {

constexpr std::size_t reason_chars_max = 40;

// How an answer may end well, and what we call it.
struct GoodEnd {
  std::string_view finish_reason;
  std::string_view stop_reason;
};
constexpr GoodEnd good_ends[] = {{"stop", "stop"},
                                 {"end", "stop"},
                                 {"end_turn", "stop"},
                                 {"eos", "stop"},
                                 {"length", "length"},
                                 {"model_length", "length"},
                                 {"max_tokens", "length"},
                                 {"tool_calls", "tool_calls"},
                                 {"tool_call", "tool_calls"},
                                 {"function_call", "tool_calls"}};

struct BadEnd {
  std::string_view finish_reason;
  ErrorCode code;
  std::string_view words;
};
constexpr BadEnd bad_ends[] = {
    {"content_filter", ErrorCode::provider_format, "withheld its answer: its content filter objected"},
    {"error", ErrorCode::provider_server_error, "failed inside its answer without saying why"},
    {"insufficient_system_resource", ErrorCode::provider_overloaded, "ended its answer: it lacks system resources"}};

// The one choice that was asked for, also when its index is missing.
JsonView first_choice(JsonView choices) {
  JsonView choice = choices.first();
  while (choice && choice["index"].integer(0) != 0) choice = choice.next();
  return choice;
}

std::int64_t count_of(JsonView number) {
  return std::max<std::int64_t>(0, number.integer());
}

}  // namespace

Result<void> OpenAiChunks::add(const PlainChunk& chunk) {
  if (answer_.response_id.empty()) answer_.response_id = chunk.id;
  if (answer_.response_model.empty()) answer_.response_model = chunk.model;
  if (chunk.usage) add(*chunk.usage);
  answer_.text.append(chunk.text);
  if (!chunk.finish_reason.empty()) finish_reason_ = chunk.finish_reason;
  return check_size();
}

Result<void> OpenAiChunks::add(JsonView chunk) {
  if (!chunk.is_object())
    return fail(ErrorCode::provider_broken, "sent a chunk that is no object: " + one_line(chunk.dump(), 80));
  if (is_failure(chunk)) return failure_in_stream(chunk);
  if (answer_.response_id.empty()) answer_.response_id = chunk["id"].text();
  if (answer_.response_model.empty()) answer_.response_model = chunk["model"].text();
  add_usage(chunk["usage"]);
  const JsonView choice = first_choice(chunk["choices"]);
  if (!choice) return {};
  add_usage(choice["usage"]);
  TRY(add_message(choice["delta"]));
  TRY(add_message(choice["message"]));
  if (const std::string_view reason = choice["finish_reason"].text(); !reason.empty()) finish_reason_ = reason;
  return check_size();
}

Result<void> OpenAiChunks::check_size() const {
  if (answer_.text.size() <= limits::provider_answer_bytes_max) return {};
  return fail(ErrorCode::provider_broken,
              "sent an answer of more than " + std::to_string(limits::provider_answer_bytes_max) + " bytes");
}

// Content is a string or, with some servers, a list of parts of which the texts count. A refusal is text as well.
Result<void> OpenAiChunks::add_message(JsonView message) {
  const JsonView content = message["content"];
  answer_.text.append(content.text());
  for (JsonView part = content.is_array() ? content.first() : JsonView(); part; part = part.next())
    if (part["type"].text("text") == "text") answer_.text.append(part["text"].text());
  answer_.text.append(message["refusal"].text());
  return tool_calls_.add(message["tool_calls"]);
}

void OpenAiChunks::add_usage(JsonView usage) {
  if (!usage.is_object()) return;
  TokenCounts counts;
  counts.prompt = count_of(usage["prompt_tokens"]);
  const JsonView cached = usage["prompt_tokens_details"]["cached_tokens"];
  counts.cached = count_of(cached ? cached : usage["prompt_cache_hit_tokens"]);
  counts.completion = count_of(usage["completion_tokens"]);
  if (const JsonView reasoning = usage["completion_tokens_details"]["reasoning_tokens"]; reasoning.is_integer())
    counts.reasoning = count_of(reasoning);
  counts.total = count_of(usage["total_tokens"]);
  add(counts);
}

// The last word counts: some servers tell the sums with every chunk.
void OpenAiChunks::add(const TokenCounts& counts) {
  Usage& usage = answer_.usage;
  usage.cache_read = std::min(counts.cached, counts.prompt);
  usage.input = counts.prompt - usage.cache_read;
  usage.output = counts.completion;
  if (counts.reasoning) usage.reasoning = counts.reasoning;
  usage.total = std::max(counts.total, counts.prompt + counts.completion);
}

Result<ModelAnswer> OpenAiChunks::take() {
  if (finish_reason_.empty())
    return fail(ErrorCode::provider_server_error, "ended its answer without a finish reason: it was cut off");
  for (const BadEnd& end : bad_ends)
    if (end.finish_reason == finish_reason_) return fail(end.code, std::string(end.words));
  const auto good = std::find_if(std::begin(good_ends), std::end(good_ends),
                                 [this](const GoodEnd& end) { return end.finish_reason == finish_reason_; });
  if (good == std::end(good_ends))
    return fail(ErrorCode::provider_broken, "ended its answer with the unknown finish reason \"" +
                                                one_line(finish_reason_, reason_chars_max) + "\"");
  answer_.stop_reason = good->stop_reason;
  answer_.tool_calls = tool_calls_.take(good->stop_reason == "length");
  if (!answer_.tool_calls.empty()) answer_.stop_reason = "tool_calls";  // Some say "stop" although they call.
  if (answer_.stop_reason == "tool_calls" && answer_.tool_calls.empty())
    return fail(ErrorCode::provider_broken, "ended its answer with a tool call and made none");
  return std::move(answer_);
}

}  // namespace omenia::providers
