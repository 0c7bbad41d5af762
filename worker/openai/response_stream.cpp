#include "worker/openai/response_stream.h"

#include "shared/base/clock.h"
#include "worker/openai/chat_object.h"
#include "worker/openai/client_tools.h"
#include "worker/openai/pieces.h"
#include "worker/openai/run_call.h"

namespace omenia::openai {

ResponseStream::ResponseStream(worker::Context& context, std::shared_ptr<http::Exchange> exchange,
                               const ResponseRequest& request)
    : events_(context, std::move(exchange)),
      head_{request.run.run_id, request.model, wall_ms() / 1000},
      message_id_(message_id()),
      tool_choice_(request.run.tool_choice) {
  send_response("response.created", {});
  send_response("response.in_progress", {});
  open_message();
}

void ResponseStream::text_added(agents::Run&, std::string_view piece) {
  tool_choice_.constrains() ? static_cast<void>(held_.append(piece)) : send_text(piece);
}

void ResponseStream::finish(const agents::RunOutcome& outcome) {
  if (const auto failure = failure_in(outcome)) return refuse(*failure, outcome.usage);
  if (const auto failure = unsatisfied(tool_choice_, outcome)) return refuse(*failure, outcome.usage);
  if (!held_.empty()) send_text(held_);
  const bool cut_off = is_cut_off(outcome);
  if (text_.empty() && outcome.tool_calls.empty() && !cut_off) send_text(no_answer);
  const std::string_view status = cut_off ? "incomplete" : "completed";
  ResponseState state{.status = status, .usage = outcome.usage};
  state.output.push_back(close_message(status, outcome.tool_calls.empty() ? "final_answer" : "commentary"));
  for (const providers::ToolCall& call : outcome.tool_calls)
    state.output.push_back(send_call(state.output.size(), call));
  send_response(cut_off ? "response.incomplete" : "response.completed", state);
  events_.finish();
}

void ResponseStream::refuse(const Error& error, const providers::Usage& usage) {
  send_response("response.failed", {.status = "failed", .usage = usage, .error = error});
  events_.finish();
}

JsonWriter ResponseStream::event(std::string_view type) {
  JsonWriter writer(256);
  writer.begin_object().member("type", type).member("sequence_number", next_number_++);
  return writer;
}

JsonWriter ResponseStream::event_of_text(std::string_view type) {
  JsonWriter writer = event(type);
  writer.member("item_id", message_id_).member("output_index", 0).member("content_index", 0);
  return writer;
}

void ResponseStream::send(std::string_view type, JsonWriter& event) {
  events_.send(type, event.end_object().text());
}

void ResponseStream::send_response(std::string_view type, const ResponseState& state) {
  JsonWriter writer = event(type);
  writer.raw_member("response", response_object(head_, state));
  send(type, writer);
}

void ResponseStream::send_item(std::string_view type, std::size_t index, std::string_view item) {
  JsonWriter writer = event(type);
  writer.member("output_index", index).raw_member("item", item);
  send(type, writer);
}

void ResponseStream::open_message() {
  send_item("response.output_item.added", 0, message_item({message_id_, "in_progress", {}}, {}));
  JsonWriter part = event_of_text("response.content_part.added");
  part.raw_member("part", text_part({}));
  send("response.content_part.added", part);
}

std::string ResponseStream::close_message(std::string_view status, std::string_view phase) {
  JsonWriter text = event_of_text("response.output_text.done");
  text.member("text", text_);
  send("response.output_text.done", text);
  JsonWriter part = event_of_text("response.content_part.done");
  part.raw_member("part", text_part(text_));
  send("response.content_part.done", part);
  std::string item = message_item({message_id_, status, phase}, text_);
  send_item("response.output_item.done", 0, item);
  return item;
}

std::string ResponseStream::send_call(std::size_t index, const providers::ToolCall& call) {
  const std::string id = call_item_id();
  send_item("response.output_item.added", index, call_item(id, call, "in_progress"));
  for (const std::string_view piece : pieces_of(call.arguments, limits::tool_arguments_piece_units)) {
    JsonWriter delta = event("response.function_call_arguments.delta");
    delta.member("item_id", id).member("output_index", index).member("delta", piece);
    send("response.function_call_arguments.delta", delta);
  }
  JsonWriter done = event("response.function_call_arguments.done");
  done.member("item_id", id).member("output_index", index).member("name", call.name);
  done.member("arguments", call.arguments);
  send("response.function_call_arguments.done", done);
  std::string item = call_item(id, call, "completed");
  send_item("response.output_item.done", index, item);
  return item;
}

void ResponseStream::send_text(std::string_view text) {
  text_.append(text);
  JsonWriter delta = event_of_text("response.output_text.delta");
  delta.member("delta", text);
  send("response.output_text.delta", delta);
}

}  // namespace omenia::openai
