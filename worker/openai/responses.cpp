// POST /v1/responses: one run, answered as a response object or as its events.

#include "worker/openai/chat_object.h"
#include "worker/openai/client_tools.h"
#include "worker/openai/endpoints.h"
#include "worker/openai/file_context.h"
#include "worker/openai/previous_response.h"
#include "worker/openai/request_fields.h"
#include "worker/openai/response_object.h"
#include "worker/openai/response_request.h"
#include "worker/openai/response_stream.h"
#include "worker/openai/run_call.h"

namespace omenia::openai {

namespace {

http::Response failed_response(const ResponseHead& head, const Error& error, const providers::Usage& usage) {
  http::Response response = http::error_response(error);  // Its status and headers.
  response.body = response_object(head, {.status = "failed", .usage = usage, .error = error});
  return response;
}

http::Response answer_of(const ResponseRequest& request, const agents::RunOutcome& outcome) {
  const ResponseHead head{request.run.run_id, request.model, outcome.accepted_ms / 1000};
  if (const auto failure = failure_in(outcome)) return without_retry(failed_response(head, *failure, outcome.usage));
  if (const auto failure = unsatisfied(request.run.tool_choice, outcome))
    return without_retry(failed_response(head, *failure, outcome.usage));
  ResponseState state{.status = is_cut_off(outcome) ? "incomplete" : "completed", .usage = outcome.usage};
  const std::string text = whole_text(outcome, request.run.sampling);
  const std::string id = message_id();
  const std::string_view phase = outcome.tool_calls.empty() ? "final_answer" : "commentary";
  if (!text.empty() || outcome.tool_calls.empty())
    state.output.push_back(message_item({id, state.status, phase}, text));
  for (const providers::ToolCall& call : outcome.tool_calls)
    state.output.push_back(call_item(call_item_id(), call, {}));
  return http::json_response(200, response_object(head, state));
}

Task<void> serve_whole(worker::Context* context, std::shared_ptr<http::Exchange> exchange, ResponseRequest request) {
  auto running = run_to_end(context, request.run, exchange->client_gone());
  const auto end = co_await std::move(running);
  exchange->respond(end.ok() ? answer_of(request, *end.value()) : http::error_response(told_error(end.error())));
}

Task<void> serve_stream(worker::Context* context, std::shared_ptr<http::Exchange> exchange, ResponseRequest request) {
  const auto stream = std::make_shared<ResponseStream>(*context, exchange, request);
  agents::RunRequest run = std::move(request.run);
  run.observer = stream;
  auto running = run_to_end(context, std::move(run), exchange->client_gone());
  const auto end = co_await std::move(running);
  if (end.ok()) {
    stream->finish(*end.value());
  } else {
    stream->refuse(told_error(end.error()));
  }
}

// The files go into the system prompt of this turn, the images to the message.
Task<Result<void>> attach(worker::Context* context, ResponseRequest* request, std::stop_token stop) {
  const auto config = context->config();
  const MediaRules file_rules = response_file_rules(*config);
  for (Media& named : request->attachments.files) {
    TRY_AWAIT(const Media file, obtained(context, std::move(named), file_rules, stop));
    CO_TRY_ASSIGN(const std::string text, file_context(file, file_rules, config->response_file_chars_max));
    append_paragraph(request->run.extra_system, text);
  }
  TRY_AWAIT(request->run.images,
            obtained_images(context, std::move(request->attachments.images), response_image_rules(*config), stop));
  co_return Result<void>();
}

Task<void> serve(worker::Context* context, std::shared_ptr<http::Exchange> exchange, ResponseRequest request) {
  auto finding = session_of_response(context, request.previous_id, request.run.session.agent_id, request.run.subject);
  auto previous = co_await std::move(finding);
  if (previous) request.run.session = std::move(*previous);
  auto attaching = attach(context, &request, exchange->client_gone());
  const auto attached = co_await std::move(attaching);
  if (!attached.ok()) {
    exchange->respond(http::error_response(invalid("Invalid input: " + attached.error().message)));
    co_return;
  }
  auto serving = request.stream ? serve_stream(context, std::move(exchange), std::move(request))
                                : serve_whole(context, std::move(exchange), std::move(request));
  co_await std::move(serving);
}

}  // namespace

void serve_responses(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  auto request = ResponseRequest::read(context, exchange->request());
  if (!request.ok()) return exchange->respond(http::error_response(request.error()));
  context.requests.spawn(serve(&context, std::move(exchange), std::move(request).value()));
}

}  // namespace omenia::openai
