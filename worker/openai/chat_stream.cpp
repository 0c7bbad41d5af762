#include "worker/openai/chat_stream.h"

#include "shared/base/clock.h"
#include "worker/openai/chat_object.h"
#include "worker/openai/client_tools.h"
#include "worker/openai/pieces.h"
#include "worker/openai/run_call.h"

namespace omenia::openai {

ChatStream::ChatStream(worker::Context& context, std::shared_ptr<http::Exchange> exchange, const ChatRequest& chat)
    : events_(context, std::move(exchange)),
      id_(chat.run.run_id),
      model_(chat.model),
      created_s_(wall_ms() / 1000),
      include_usage_(chat.include_usage),
      tool_choice_(chat.run.tool_choice),
      holds_text_(chat.run.tool_choice.constrains()) {
  send_choice(R"({"role":"assistant"})", {});
}

void ChatStream::text_added(agents::Run&, std::string_view piece) {
  holds_text_ ? static_cast<void>(held_.append(piece)) : send_text(piece);
}

void ChatStream::finish(const agents::RunOutcome& outcome) {
  if (const auto failure = failure_in(outcome)) return refuse(*failure);
  if (const auto failure = unsatisfied(tool_choice_, outcome)) return refuse(*failure);
  if (!held_.empty()) send_text(held_);
  if (!said_ && outcome.tool_calls.empty() && outcome.stop_reason != "length") send_text(no_answer);
  for (std::size_t i = 0; i < outcome.tool_calls.size(); ++i) send_call(i, outcome.tool_calls[i]);
  send_choice("{}", finish_reason_of(outcome));
  if (include_usage_) send_usage(outcome.usage);
  events_.finish();
}

void ChatStream::refuse(const Error& error) {
  JsonWriter writer;
  writer.begin_object().key("error").begin_object();
  writer.member("message", error.message).member("type", omenia::row_of(error.code).http_type);
  events_.send(writer.end_object().end_object().text());
  events_.finish();
}

JsonWriter ChatStream::chunk() const {
  JsonWriter writer(256);
  writer.begin_object().member("id", id_).member("object", "chat.completion.chunk");
  writer.member("created", created_s_).member("model", model_);
  return writer;
}

void ChatStream::send_choice(std::string_view delta_json, std::string_view finish_reason) {
  JsonWriter writer = chunk();
  writer.key("choices").begin_array().begin_object().member("index", 0).raw_member("delta", delta_json);
  writer.key("finish_reason");
  finish_reason.empty() ? writer.null() : writer.value(finish_reason);
  events_.send(writer.end_object().end_array().end_object().text());
}

void ChatStream::send_text(std::string_view text) {
  said_ = true;
  JsonWriter delta(text.size() + 32);
  delta.begin_object().member("content", text).end_object();
  send_choice(delta.text(), {});
}

// What it is first, then its arguments.
void ChatStream::send_call(std::size_t index, const providers::ToolCall& call) {
  const auto begin = [index](JsonWriter& delta) {
    delta.begin_object().key("tool_calls").begin_array().begin_object().member("index", index);
  };
  JsonWriter first;
  begin(first);
  first.member("id", call.id).member("type", "function").key("function").begin_object().member("name", call.name);
  send_choice(first.member("arguments", "").end_object().end_object().end_array().end_object().text(), {});
  for (const std::string_view piece : pieces_of(call.arguments, limits::tool_arguments_piece_units)) {
    JsonWriter more;
    begin(more);
    more.key("function").begin_object().member("arguments", piece).end_object();
    send_choice(more.end_object().end_array().end_object().text(), {});
  }
}

void ChatStream::send_usage(const providers::Usage& usage) {
  JsonWriter writer = chunk();
  writer.key("choices").begin_array().end_array();
  write_chat_usage(writer, usage);
  events_.send(writer.end_object().text());
}

}  // namespace omenia::openai
