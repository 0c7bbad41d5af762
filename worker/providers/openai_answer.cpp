#include "worker/providers/openai_answer.h"

#include <utility>

#include "shared/base/limits.h"
#include "worker/providers/failure.h"

namespace omenia::providers {

namespace {
constexpr std::size_t quoted_chars_max = 80;
constexpr std::size_t no_answer_bytes = 4 * quoted_chars_max;  // Enough of a page to quote it.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
}  // namespace

Result<void> OpenAiAnswer::feed(std::string_view piece) {
  bytes_ += piece.size();
  if (bytes_ > limits::provider_stream_bytes_max)
    return fail(ErrorCode::provider_broken,
                "sent more than " + std::to_string(limits::provider_stream_bytes_max) + " bytes for one answer");
  if (form_ == Form::stream) return feed_stream(piece);
  start_.append(piece);
  if (form_ == Form::unknown) form_ = form_of(start_);
  if (form_ == Form::stream) return feed_stream(std::exchange(start_, {}));
  if (form_ == Form::document && start_.size() > limits::provider_answer_bytes_max)
    return fail(ErrorCode::provider_broken,
                "sent an answer of more than " + std::to_string(limits::provider_answer_bytes_max) + " bytes");
  if (form_ == Form::other && start_.size() >= no_answer_bytes) return no_answer();
  return {};
}

Result<ModelAnswer> OpenAiAnswer::finish() {
  if (form_ == Form::document) {
    TRY(take_document());
  } else if (form_ == Form::stream) {
    TRY(events_.finish([this](const SseEvent& event) { return take_event(event); }));
  } else {
    return no_answer();
  }
  return chunks_.take();
}

// Unknown while what came so far may still become the name of a field of an event stream.
OpenAiAnswer::Form OpenAiAnswer::form_of(std::string_view start) {
  if (start.starts_with(byte_order_mark)) start.remove_prefix(byte_order_mark.size());
  const auto first = start.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return Form::unknown;
  start.remove_prefix(first);
  if (start.front() == '{' || start.front() == '[') return Form::document;
  for (const std::string_view field : {":", "data:", "event:", "id:", "retry:"}) {
    if (start.starts_with(field)) return Form::stream;
    if (field.starts_with(start)) return Form::unknown;
  }
  return byte_order_mark.starts_with(start) ? Form::unknown : Form::other;
}

Result<void> OpenAiAnswer::feed_stream(std::string_view piece) {
  return events_.feed(piece, [this](const SseEvent& event) { return take_event(event); });
}

Result<void> OpenAiAnswer::take_event(const SseEvent& event) {
  finished_ = finished_ || event.data == "[DONE]";
  if (finished_) return {};
  if (read_plain_chunk(event.data, plain_chunk_)) return chunks_.add(plain_chunk_);
  const auto parsed = Json::parse(event.data);
  if (!parsed.ok())
    return fail(ErrorCode::provider_broken, "sent a broken stream, line " + std::to_string(event.line) + ": " +
                                                parsed.error().message + ": " + one_line(event.data, quoted_chars_max));
  return chunks_.add(parsed.value());
}

Result<void> OpenAiAnswer::take_document() {
  const auto parsed = Json::parse(start_);
  if (!parsed.ok())
    return fail(ErrorCode::provider_broken,
                "sent broken JSON: " + parsed.error().message + ": " + one_line(start_, quoted_chars_max));
  const JsonView document = parsed.value();
  if (!document["choices"].is_array() && !is_failure(document)) return no_answer();
  return chunks_.add(document);
}

Error OpenAiAnswer::no_answer() const {
  const std::string quoted = one_line(start_, quoted_chars_max);
  if (quoted.empty()) return fail(ErrorCode::provider_server_error, "sent an empty answer");
  return fail(ErrorCode::provider_broken, "sent no model's answer but: " + quoted);
}

}  // namespace omenia::providers
