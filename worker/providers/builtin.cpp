#include "worker/providers/builtin.h"

#include <algorithm>

#include "shared/base/limits.h"
#include "shared/base/utf8.h"
#include "worker/providers/hash_embedding.h"

namespace omenia::providers {

namespace {

constexpr std::int64_t bytes_per_token = 4;  // The usual estimate where nobody counts.
constexpr const char* introduction =
    "\n\nI am builtin/echo, the offline model that answers until a real one is configured. "
    "Run `OmeniaClaw setup` to see which models this machine can reach.";

std::int64_t tokens_of(std::string_view text) {
  return (static_cast<std::int64_t>(text.size()) + bytes_per_token - 1) / bytes_per_token;
}

// What the echo says; who it is only at the beginning of a conversation.
std::string echo_of(const std::vector<Message>& messages) {
  std::string_view last;
  for (const Message& message : messages)
    if (message.role == Role::user) last = message.text;
  return "You said: " + std::string(last) + (messages.size() <= 1 ? introduction : "");
}

// "a b c" -> "a", " b", " c": the pieces in which the echo is streamed. Those of a long text are several words each.
std::vector<std::string_view> pieces_of(std::string_view text) {
  const std::size_t bytes_min = text.size() / static_cast<std::size_t>(limits::echo_pieces_max);
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \n", bytes_min + 1), text.size());
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return pieces;
}

Usage usage_of(const ModelRequest& request, std::string_view answer) {
  Usage usage;
  usage.input = tokens_of(request.system);
  for (const Message& message : request.messages) usage.input += tokens_of(message.text);
  usage.output = tokens_of(answer);
  usage.total = usage.input + usage.output;
  return usage;
}

// A model that has to call a tool calls it; this one has nothing to tell it.
std::vector<ToolCall> calls_of(const ModelRequest& request) {
  if (!request.tool_choice.constrains() || request.tools.empty()) return {};
  const bool named = request.tool_choice.kind == ToolChoice::Kind::named;
  return {{"echo", named ? request.tool_choice.name : request.tools.front().name, "{}"}};
}

Error stopped() {
  return fail(ErrorCode::run_aborted, "the run was stopped");
}

}  // namespace

// One piece a turn of the loop, as a stream brings them.
Task<Result<ModelAnswer>> Builtin::complete(ModelRequest request, std::function<void(std::string_view)> on_text,
                                            std::stop_token stop) {
  if (request.model != echo_model)
    co_return fail(ErrorCode::provider_not_found,
                   "builtin/" + request.model + " is no chat model; builtin/echo is the only one built in");
  ModelAnswer answer;
  answer.response_model = echo_model;
  answer.stop_reason = "stop";
  if (answer.tool_calls = calls_of(request); !answer.tool_calls.empty()) {
    answer.stop_reason = "tool_calls";
    answer.usage = usage_of(request, answer.tool_calls.front().name);
    co_return answer;
  }
  std::string text = echo_of(request.messages);
  const std::int64_t tokens_max = request.sampling.max_tokens.value_or(tokens_of(text));
  if (tokens_max < tokens_of(text)) {
    text = utf8_prefix(text, static_cast<std::size_t>(std::max<std::int64_t>(0, tokens_max) * bytes_per_token));
    answer.stop_reason = "length";
  }
  for (const std::string_view piece : pieces_of(text)) {
    Sleep turn(loop_, 0, stop);
    const bool whole = co_await turn;
    if (!whole) co_return stopped();
    answer.text.append(piece);
    on_text(piece);
  }
  answer.usage = usage_of(request, answer.text);
  co_return answer;
}

Task<Result<std::vector<Vector>>> Builtin::embed(EmbeddingRequest request, std::stop_token stop) {
  if (request.model != hash_model)
    co_return fail(ErrorCode::provider_not_found,
                   "builtin/" + request.model + " makes no embeddings; builtin/hash is the only one built in");
  if (request.dimensions < 0 || request.dimensions > limits::embedding_dimensions_max)
    co_return fail(ErrorCode::provider_format, "builtin/hash makes embeddings of 1 to " +
                                                   std::to_string(limits::embedding_dimensions_max) + " dimensions");
  const std::int64_t dimensions = request.dimensions > 0 ? request.dimensions : limits::hash_embedding_dimensions;
  std::vector<Vector> vectors;
  for (const std::string& input : request.inputs) {
    if (stop.stop_requested()) co_return stopped();
    vectors.push_back(hash_embedding(input, static_cast<std::size_t>(dimensions)));
  }
  co_return vectors;
}

}  // namespace omenia::providers
