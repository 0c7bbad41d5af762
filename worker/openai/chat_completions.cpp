// POST /v1/chat/completions: one run, answered whole or as a stream of events.

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/openai/chat_request.h"
#include "worker/openai/endpoints.h"

namespace omenia::openai {

namespace {

void write_usage(JsonWriter& writer, const providers::Usage& usage) {
  const std::int64_t prompt = usage.input + usage.cache_read;
  writer.key("usage").begin_object().member("prompt_tokens", prompt).member("completion_tokens", usage.output);
  writer.member("total_tokens", std::max(prompt + usage.output, usage.total));
  if (usage.cache_read > 0)
    writer.key("prompt_tokens_details").begin_object().member("cached_tokens", usage.cache_read).end_object();
  writer.end_object();
}

std::string finish_reason(const agents::RunOutcome& outcome) {
  return outcome.stop_reason == "length" ? "length" : "stop";
}

Error error_of(const agents::RunOutcome& outcome) {
  if (outcome.error) return *outcome.error;
  return fail(ErrorCode::run_aborted, "the run was stopped (" + outcome.stop_reason + ")");
}

// The stream of one run, as the client reads it.
class ChatStream final : public agents::RunObserver {
 public:
  ChatStream(Loop& loop, std::shared_ptr<http::Exchange> exchange, const ChatRequest& chat)
      : exchange_(std::move(exchange)),
        id_(chat.run.run_id),
        model_(chat.model),
        created_s_(wall_ms() / 1000),
        include_usage_(chat.include_usage),
        keep_alive_(loop, [this] { exchange_->write(": keepalive\n\n"); }) {
    exchange_->begin_stream(200, {{"Content-Type", "text/event-stream; charset=utf-8"}, {"Cache-Control", "no-cache"}});
    send_delta("role", "assistant");
    keep_alive_.start_repeating(limits::sse_keep_alive_ms);
  }

  void text_added(agents::Run&, std::string_view piece) override { send_delta("content", piece); }

  void finish(const agents::RunOutcome& outcome) {
    keep_alive_.stop();
    if (outcome.ok()) {
      JsonWriter last = chunk();
      last.key("choices").begin_array().begin_object().member("index", 0).key("delta").begin_object().end_object();
      send(last.member("finish_reason", finish_reason(outcome)).end_object().end_array().end_object());
      if (include_usage_) {
        JsonWriter usage = chunk();
        usage.key("choices").begin_array().end_array();
        write_usage(usage, outcome.usage);
        send(usage.end_object());
      }
    } else {
      fail_with(error_of(outcome));
    }
    exchange_->write("data: [DONE]\n\n");
    exchange_->finish();
  }

  void refuse(const Error& error) {
    keep_alive_.stop();
    fail_with(error);
    exchange_->write("data: [DONE]\n\n");
    exchange_->finish();
  }

 private:
  JsonWriter chunk() const {
    JsonWriter writer(256);
    writer.begin_object().member("id", id_).member("object", "chat.completion.chunk");
    writer.member("created", created_s_).member("model", model_);
    return writer;
  }

  void send_delta(std::string_view name, std::string_view text) {
    JsonWriter writer = chunk();
    writer.key("choices").begin_array().begin_object().member("index", 0);
    writer.key("delta").begin_object().member(name, text).end_object().key("finish_reason").null();
    send(writer.end_object().end_array().end_object());
  }

  void fail_with(const Error& error) {
    JsonWriter writer;
    writer.begin_object().key("error").begin_object();
    writer.member("message", error.message).member("type", omenia::row_of(error.code).http_type);
    send(writer.end_object().end_object());
  }

  void send(const JsonWriter& data) { exchange_->write("data: " + data.text() + "\n\n"); }

  std::shared_ptr<http::Exchange> exchange_;
  std::string id_;
  std::string model_;
  std::int64_t created_s_;
  bool include_usage_;
  Timer keep_alive_;
};

std::string completion_body(const ChatRequest& chat, const agents::RunOutcome& outcome) {
  JsonWriter writer(outcome.text.size() + 512);
  writer.begin_object().member("id", chat.run.run_id).member("object", "chat.completion");
  writer.member("created", outcome.ended_ms / 1000).member("model", chat.model);
  writer.key("choices").begin_array().begin_object().member("index", 0);
  writer.key("message").begin_object().member("role", "assistant");
  writer.member("content", outcome.text.empty() ? "No response from OmeniaClaw." : outcome.text).end_object();
  writer.member("finish_reason", finish_reason(outcome)).end_object().end_array();
  write_usage(writer, outcome.usage);
  return writer.end_object().take();
}

// The end of the run, however it came; a client that leaves stops it.
Task<Result<agents::SharedOutcome>> run_to_end(worker::Context* context, agents::RunRequest request,
                                               std::stop_token client_gone) {
  const std::string key = request.session.text;
  const std::string run_id = request.run_id;
  TRY_AWAIT_DONE(context->runs->submit(std::move(request)));
  auto end = context->runs->end_of(run_id);
  if (!end) co_return fail(ErrorCode::draining, "the gateway is restarting; the run is continued after it");
  const std::stop_callback when_gone(client_gone, [context, key, run_id] {
    context->loop.post([context, key, run_id] { context->runs->abort(key, run_id, "disconnect"); });
  });
  agents::SharedOutcome outcome = co_await std::move(*end);
  co_return outcome;
}

Task<void> serve_whole(worker::Context* context, std::shared_ptr<http::Exchange> exchange, ChatRequest chat) {
  auto running = run_to_end(context, chat.run, exchange->client_gone());
  const auto end = co_await std::move(running);
  if (!end.ok()) {
    exchange->respond(http::error_response(end.error()));
  } else if (!end.value()->ok()) {
    exchange->respond(http::error_response(error_of(*end.value())));
  } else {
    exchange->respond(http::json_response(200, completion_body(chat, *end.value())));
  }
}

Task<void> serve_stream(worker::Context* context, std::shared_ptr<http::Exchange> exchange, ChatRequest chat) {
  const auto stream = std::make_shared<ChatStream>(context->loop, exchange, chat);
  agents::RunRequest request = chat.run;
  request.observer = stream;
  auto running = run_to_end(context, std::move(request), exchange->client_gone());
  const auto end = co_await std::move(running);
  if (end.ok()) {
    stream->finish(*end.value());
  } else {
    stream->refuse(end.error());
  }
}

}  // namespace

void serve_chat_completions(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  auto chat = ChatRequest::read(context, exchange->request());
  if (!chat.ok()) return exchange->respond(http::error_response(chat.error()));
  const bool stream = chat.value().stream;
  context.requests.spawn(stream ? serve_stream(&context, std::move(exchange), std::move(chat).value())
                                : serve_whole(&context, std::move(exchange), std::move(chat).value()));
}

}  // namespace omenia::openai
