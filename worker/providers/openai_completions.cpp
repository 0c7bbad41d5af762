#include "worker/providers/openai_completions.h"

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "worker/providers/failure.h"
#include "worker/providers/sse.h"

namespace omenia::providers {

namespace {

// Servers that know only the older name of the longest answer.
constexpr std::string_view older_hosts[] = {"mistral.ai",     "moonshot",  "z.ai",      "together.", "chutes.ai",
                                            "cloudflare.com", "localhost", "127.0.0.1", "[::1]"};

std::string_view max_tokens_field(const std::string& base_url) {
  const bool older = std::any_of(std::begin(older_hosts), std::end(older_hosts),
                                 [&](std::string_view host) { return base_url.find(host) != std::string::npos; });
  return older ? "max_tokens" : "max_completion_tokens";
}

bool is_local(const std::string& base_url) {
  return base_url.find("//localhost") != std::string::npos || base_url.find("//127.") != std::string::npos ||
         base_url.find("//[::1]") != std::string::npos;
}

bool may_pass(ErrorCode code) {
  return code == ErrorCode::provider_server_error || code == ErrorCode::provider_overloaded ||
         code == ErrorCode::provider_rate_limit || code == ErrorCode::provider_unreachable;
}

// The whole body of an answer that is not a stream, at most `bytes_max` of it.
Task<Result<std::string>> read_body(net::OutboundCall* call, std::size_t bytes_max) {
  std::string body;
  while (body.size() < bytes_max) {
    TRY_AWAIT(const std::string piece, call->piece());
    if (piece.empty()) break;
    body.append(piece);
  }
  co_return body;
}

}  // namespace

OpenAiCompletions::OpenAiCompletions(Loop& loop, net::Outbound& outbound, ProviderConfig config, Logger log)
    : loop_(loop), outbound_(outbound), config_(std::move(config)), log_(std::move(log)) {}

// Retried only while nothing was given out: a repeated half answer is worse than an error.
Task<Result<ModelAnswer>> OpenAiCompletions::complete(ModelRequest request,
                                                      std::function<void(std::string_view)> on_text,
                                                      std::stop_token stop) {
  const std::string body = chat_body(request, max_tokens_field(config_.base_url));
  const std::int64_t begun_ms = steady_ms();
  for (int tried = 1;; ++tried) {
    const auto reader = std::make_shared<AnswerReader>(on_text);
    auto attempting = attempt(body, reader, stop);
    auto answer = co_await std::move(attempting);
    if (answer.ok()) co_return answer;
    const std::int64_t pause_ms = answer.error().retry_after_ms.value_or(limits::provider_retry_delay_ms);
    const bool again = tried < limits::provider_attempts_max && may_pass(answer.error().code) && !reader->has_text() &&
                       steady_ms() - begun_ms + pause_ms < limits::provider_retry_window_ms;
    if (!again) co_return named(std::move(answer).error(), request.model);
    log_.warn(named(answer.error(), request.model).message + "; trying once more");
    Sleep pause(loop_, pause_ms, stop);
    const bool whole = co_await pause;
    if (!whole) co_return fail(ErrorCode::run_aborted, "the run was stopped");
  }
}

Task<Result<ModelAnswer>> OpenAiCompletions::attempt(std::string body, std::shared_ptr<AnswerReader> reader,
                                                     std::stop_token stop) {
  const auto call = outbound_.start(request_to("/chat/completions", std::move(body)), stop);
  TRY_AWAIT(const net::OutboundHead head, call->head());
  if (head.status != 200) {
    TRY_AWAIT(const std::string refusal, read_body(call.get(), limits::provider_error_bytes_max));
    co_return failure_of(head.status, refusal, head.retry_after_ms);
  }
  TRY_AWAIT_DONE(read_answer(call.get(), reader, head.content_type == "text/event-stream"));
  co_return reader->take();
}

Task<Result<void>> OpenAiCompletions::read_answer(net::OutboundCall* call, std::shared_ptr<AnswerReader> reader,
                                                  bool is_stream) {
  if (!is_stream) {
    TRY_AWAIT(const std::string body, read_body(call, limits::provider_answer_bytes_max));
    if (!body.starts_with("data:")) co_return reader->completion(body);
    SseReader events;  // Some servers stream under another content type.
    CO_TRY_ASSIGN(const std::vector<std::string> all, events.feed(body));
    for (const std::string& data : all) CO_TRY(reader->event(data));
    co_return Result<void>();
  }
  SseReader events;
  while (!reader->finished()) {
    TRY_AWAIT(const std::string piece, call->piece());
    if (piece.empty()) {
      if (const std::string data = events.rest(); !data.empty()) CO_TRY(reader->event(data));
      break;
    }
    CO_TRY_ASSIGN(const std::vector<std::string> complete, events.feed(piece));
    for (const std::string& data : complete) CO_TRY(reader->event(data));
  }
  co_return Result<void>();
}

Task<Result<std::vector<Vector>>> OpenAiCompletions::embed(EmbeddingRequest request, std::stop_token stop) {
  const auto call = outbound_.start(request_to("/embeddings", embeddings_body(request)), stop);
  auto heading = call->head();
  const auto head = co_await std::move(heading);
  if (!head.ok()) co_return named(head.error(), request.model);
  auto reading = read_body(call.get(), limits::provider_answer_bytes_max);
  const auto body = co_await std::move(reading);
  if (!body.ok()) co_return named(body.error(), request.model);
  if (head.value().status != 200)
    co_return named(failure_of(head.value().status, body.value(), head.value().retry_after_ms), request.model);
  auto vectors = read_embeddings(body.value(), request.inputs.size());
  if (!vectors.ok()) co_return named(std::move(vectors).error(), request.model);
  co_return vectors;
}

net::OutboundRequest OpenAiCompletions::request_to(std::string_view path, std::string body) const {
  net::OutboundRequest request;
  request.url = config_.base_url + std::string(path);
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "text/event-stream, application/json"}};
  if (!config_.api_key.empty()) request.headers.emplace_back("Authorization", "Bearer " + config_.api_key.reveal());
  for (const auto& [name, value] : config_.headers) request.headers.emplace_back(name, value);
  request.body = std::move(body);
  request.deadlines.connect_ms = limits::provider_connect_ms;
  request.deadlines.first_byte_ms =
      is_local(config_.base_url) ? limits::provider_first_byte_local_ms : limits::provider_first_byte_ms;
  request.deadlines.idle_ms = limits::provider_idle_ms;
  request.deadlines.total_ms = config_.timeout_seconds * 1000;
  return request;
}

// "provider 'mock', model 'mock-1': answered 401: ..."
Error OpenAiCompletions::named(Error error, std::string_view model) const {
  if (error.code == ErrorCode::run_aborted) return error;
  error.message = "provider '" + config_.id + "', model '" + std::string(model) + "': " + error.message;
  error.retry_after_ms.reset();
  return error;
}

}  // namespace omenia::providers
