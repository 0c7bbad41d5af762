// POST /v1/chat/completions: one run, answered whole or as a stream of events.

#include "worker/openai/chat_object.h"
#include "worker/openai/chat_request.h"
#include "worker/openai/chat_stream.h"
#include "worker/openai/client_tools.h"
#include "worker/openai/endpoints.h"
#include "worker/openai/run_call.h"

namespace omenia::openai {

namespace {

http::Response answer_of(const ChatRequest& chat, const agents::RunOutcome& outcome) {
  if (const auto failure = failure_in(outcome)) return without_retry(http::error_response(*failure));
  if (const auto failure = unsatisfied(chat.run.tool_choice, outcome))
    return without_retry(http::error_response(*failure));
  return http::json_response(200, completion_object(chat, outcome));
}

Task<void> serve_whole(worker::Context* context, std::shared_ptr<http::Exchange> exchange, ChatRequest chat) {
  auto running = run_to_end(context, chat.run, exchange->client_gone());
  const auto end = co_await std::move(running);
  exchange->respond(end.ok() ? answer_of(chat, *end.value()) : http::error_response(told_error(end.error())));
}

Task<void> serve_stream(worker::Context* context, std::shared_ptr<http::Exchange> exchange, ChatRequest chat) {
  const auto stream = std::make_shared<ChatStream>(*context, exchange, chat);
  agents::RunRequest request = std::move(chat.run);
  request.observer = stream;
  auto running = run_to_end(context, std::move(request), exchange->client_gone());
  const auto end = co_await std::move(running);
  if (end.ok()) {
    stream->finish(*end.value());
  } else {
    stream->refuse(told_error(end.error()));
  }
}

Task<void> serve(worker::Context* context, std::shared_ptr<http::Exchange> exchange, ChatRequest chat) {
  auto obtaining =
      obtained_images(context, std::move(chat.images), chat_image_rules(*context->config()), exchange->client_gone());
  auto images = co_await std::move(obtaining);
  if (!images.ok()) {
    exchange->respond(http::error_response(bad_image(images.error())));
    co_return;
  }
  chat.run.images = std::move(images).value();
  auto serving = chat.stream ? serve_stream(context, std::move(exchange), std::move(chat))
                             : serve_whole(context, std::move(exchange), std::move(chat));
  co_await std::move(serving);
}

}  // namespace

void serve_chat_completions(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  auto chat = ChatRequest::read(context, exchange->request());
  if (!chat.ok()) return exchange->respond(http::error_response(chat.error()));
  context.requests.spawn(serve(&context, std::move(exchange), std::move(chat).value()));
}

}  // namespace omenia::openai
