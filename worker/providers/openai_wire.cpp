#include "worker/providers/openai_wire.h"

#include "shared/base/limits.h"
#include "shared/json/json.h"
#include "shared/json/writer.h"
#include "worker/providers/failure.h"

namespace omenia::providers {

namespace {

constexpr std::size_t quoted_chars_max = 80;

template <typename T>
void write_if(JsonWriter& writer, std::string_view name, const std::optional<T>& value) {
  if (value) writer.member(name, *value);
}

void write_message(JsonWriter& writer, std::string_view role, std::string_view text) {
  writer.begin_object().member("role", role).member("content", text).end_object();
}

// Content is a string, or (with some servers) parts of text.
std::string text_of(JsonView content) {
  if (content.is_string()) return std::string(content.text());
  std::string text;
  for (JsonView part = content.is_array() ? content.first() : JsonView(); part; part = part.next())
    text.append(part["text"].text());
  return text;
}

}  // namespace

std::string chat_body(const ModelRequest& request, std::string_view max_tokens_field) {
  const Sampling& sampling = request.sampling;
  JsonWriter writer(1024);
  writer.begin_object().member("model", request.model).key("messages").begin_array();
  if (!request.system.empty()) write_message(writer, "system", request.system);
  for (const Message& message : request.messages)
    write_message(writer, message.role == Role::user ? "user" : "assistant", message.text);
  writer.end_array().member("stream", true);
  writer.key("stream_options").begin_object().member("include_usage", true).end_object();
  write_if(writer, "temperature", sampling.temperature);
  write_if(writer, "top_p", sampling.top_p);
  write_if(writer, "frequency_penalty", sampling.frequency_penalty);
  write_if(writer, "presence_penalty", sampling.presence_penalty);
  write_if(writer, "seed", sampling.seed);
  write_if(writer, max_tokens_field, sampling.max_tokens);
  if (!sampling.stop.empty()) {
    writer.key("stop").begin_array();
    for (const std::string& text : sampling.stop) writer.value(text);
    writer.end_array();
  }
  if (!sampling.response_format.empty()) writer.raw_member("response_format", sampling.response_format);
  return writer.end_object().take();
}

std::string embeddings_body(const EmbeddingRequest& request) {
  JsonWriter writer(1024);
  writer.begin_object().member("model", request.model).key("input").begin_array();
  for (const std::string& text : request.inputs) writer.value(text);
  writer.end_array().member("encoding_format", "float");
  if (request.dimensions > 0) writer.member("dimensions", request.dimensions);
  return writer.end_object().take();
}

Result<std::vector<Vector>> read_embeddings(std::string_view body, std::size_t count) {
  const auto parsed = Json::parse(body);
  if (!parsed.ok()) return fail(ErrorCode::provider_broken, "sent no JSON: " + one_line(body, quoted_chars_max));
  std::vector<Vector> vectors(count);
  std::size_t position = 0;
  for (JsonView item = parsed.value()["data"].first(); item; item = item.next(), ++position) {
    const auto index = static_cast<std::size_t>(item["index"].integer(static_cast<std::int64_t>(position)));
    if (index >= count) continue;
    for (JsonView number = item["embedding"].first(); number; number = number.next())
      vectors[index].push_back(static_cast<float>(number.number()));
  }
  for (const Vector& vector : vectors)
    if (vector.empty()) return fail(ErrorCode::provider_broken, "sent fewer embeddings than inputs");
  return vectors;
}

Result<void> AnswerReader::event(std::string_view data) {
  if (data == "[DONE]") {
    done_ = true;
    return {};
  }
  const auto parsed = Json::parse(data);
  if (!parsed.ok())
    return fail(ErrorCode::provider_broken, "sent a stream event that is no JSON: " + one_line(data, quoted_chars_max));
  return chunk(parsed.value());
}

Result<void> AnswerReader::completion(std::string_view body) {
  const auto parsed = Json::parse(body);
  if (!parsed.ok() || !parsed.value()["choices"].is_array()) {
    if (parsed.ok() && parsed.value()["error"]) return failure_in_stream(parsed.value()["error"]);
    return fail(ErrorCode::provider_broken,
                "sent neither a stream nor a completion: " + one_line(body, quoted_chars_max));
  }
  done_ = true;
  return chunk(parsed.value());
}

// A chunk has `delta`, a completion has `message`; only the first choice counts.
Result<void> AnswerReader::chunk(JsonView chunk) {
  if (const JsonView error = chunk["error"]; error && !error.is_null()) return failure_in_stream(error);
  if (answer_.response_id.empty()) answer_.response_id = chunk["id"].text();
  if (answer_.response_model.empty()) answer_.response_model = chunk["model"].text();
  usage(chunk["usage"]);
  const JsonView choice = chunk["choices"].first();
  if (!choice || choice["index"].integer(0) != 0) return {};
  usage(choice["usage"]);
  for (const char* place : {"delta", "message"}) {
    text(text_of(choice[place]["content"]));
    text(choice[place]["refusal"].text());
  }
  if (const std::string_view reason = choice["finish_reason"].text(); !reason.empty()) finish_reason_ = reason;
  if (answer_.text.size() > limits::provider_answer_bytes_max)
    return fail(ErrorCode::provider_broken,
                "sent an answer longer than " + std::to_string(limits::provider_answer_bytes_max) + " bytes");
  return {};
}

void AnswerReader::text(std::string_view piece) {
  if (piece.empty()) return;
  answer_.text.append(piece);
  on_text_(piece);
}

void AnswerReader::usage(JsonView usage) {
  if (!usage.is_object()) return;
  Usage& sum = answer_.usage;
  sum.cache_read = usage["prompt_tokens_details"]["cached_tokens"].integer();
  sum.input = usage["prompt_tokens"].integer() - sum.cache_read;
  sum.output = usage["completion_tokens"].integer();
  sum.total = usage["total_tokens"].integer(sum.input + sum.cache_read + sum.output);
}

Result<ModelAnswer> AnswerReader::take() {
  if (finish_reason_.empty() && !done_)
    return fail(ErrorCode::provider_server_error, "closed the stream before the answer was finished");
  if (finish_reason_ == "content_filter" || finish_reason_ == "error")
    return fail(ErrorCode::provider_server_error, "ended its answer with finish_reason " + finish_reason_);
  answer_.stop_reason = finish_reason_ == "length" || finish_reason_ == "model_length" ? "length" : "stop";
  return std::move(answer_);
}

}  // namespace omenia::providers
