#include "worker/providers/openai_completions.h"

#include <algorithm>

#include "shared/base/ascii.h"
#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "worker/providers/failure.h"
#include "worker/providers/openai_embeddings.h"

namespace omenia::providers {

namespace {

bool is_good(int status) {
  return status >= 200 && status < 300;
}

// The start of an answer's body, at most about `bytes_max`; `whole` tells whether that was all.
struct Body {
  std::string text;
  bool whole = false;
};

Task<Result<Body>> read_body(net::OutboundCall* call, std::size_t bytes_max) {
  Body body;
  while (body.text.size() < bytes_max && !body.whole) {
    TRY_AWAIT(const std::string piece, call->piece());
    body.whole = piece.empty();
    body.text.append(piece);
  }
  co_return body;
}

// A refusal whose text breaks off is still that refusal.
Task<Error> refusal_of(net::OutboundCall* call, net::OutboundHead head) {
  auto reading = read_body(call, limits::provider_error_bytes_max);
  auto body = co_await std::move(reading);
  if (!body.ok() && body.error().code == ErrorCode::run_aborted) co_return std::move(body).error();
  co_return failure_of(head.status, body.ok() ? body.value().text : std::string(), head.retry_after_ms);
}

// A call that nobody can carry out is no answer.
Result<void> check_calls(const std::vector<ToolCall>& calls, const std::vector<Tool>& offered) {
  for (const ToolCall& call : calls)
    if (std::none_of(offered.begin(), offered.end(), [&call](const Tool& tool) { return tool.name == call.name; }))
      return fail(ErrorCode::provider_broken, offered.empty() ? "called a tool although none was offered"
                                                              : "called the tool \"" +
                                                                    one_line(call.name, limits::tool_name_chars_max) +
                                                                    "\", which was not offered");
  return {};
}

}  // namespace

net::Deadlines deadlines_of(const ProviderConfig& config, const net::Endpoint& endpoint) {
  net::Deadlines deadlines;
  deadlines.connect_ms = limits::provider_connect_ms;
  deadlines.total_ms = config.timeout_seconds * 1000;
  if (deadlines.total_ms > 0) return deadlines;
  const bool is_local = endpoint.is_local();
  deadlines.first_byte_ms = is_local ? limits::provider_first_byte_local_ms : limits::provider_first_byte_ms;
  // A local server may send its head at once and only then load its model.
  deadlines.idle_ms = is_local ? limits::provider_first_byte_local_ms : limits::provider_idle_ms;
  return deadlines;
}

OpenAiCompletions::OpenAiCompletions(Loop& loop, net::Outbound& outbound, ProviderConfig config, Logger log)
    : loop_(loop), outbound_(outbound), config_(std::move(config)), log_(std::move(log)) {
  if (auto endpoint = net::parse_endpoint(config_.base_url); endpoint.ok()) endpoint_ = std::move(endpoint).value();
  deadlines_ = deadlines_of(config_, endpoint_);
}

// Tried again only while nothing was given out: half an answer twice is worse than an error.
Task<Result<ModelAnswer>> OpenAiCompletions::complete(ModelRequest request,
                                                      std::function<void(std::string_view)> on_text,
                                                      std::stop_token stop) {
  fill_in(request);
  const std::string body = completion_body(request, habits_of(endpoint_.host));
  Retries retries(steady_ms());
  while (true) {
    const auto received = std::make_shared<OpenAiAnswer>();
    auto attempting = attempt(body, received, on_text, stop);
    auto answer = co_await std::move(attempting);
    if (answer.ok()) {
      const auto checked = check_calls(answer.value().tool_calls, request.tools);
      if (!checked.ok()) co_return named(checked.error(), request.model);
      co_return answer;
    }
    if (!received->text().empty()) co_return named(std::move(answer).error(), request.model);
    TRY_AWAIT_DONE(pause_after(std::move(answer).error(), request.model, &retries, stop));
  }
}

Task<Result<ModelAnswer>> OpenAiCompletions::attempt(std::string body, std::shared_ptr<OpenAiAnswer> answer,
                                                     std::function<void(std::string_view)> on_text,
                                                     std::stop_token stop) {
  auto call = outbound_.start(request_to("/chat/completions", std::move(body)), stop);
  TRY_AWAIT(const net::OutboundHead head, call->head());
  if (!is_good(head.status)) {
    auto refusing = refusal_of(call.get(), head);
    auto refusal = co_await std::move(refusing);
    co_return refusal;
  }
  std::size_t given_out = 0;
  const auto give_out = [&given_out, &on_text](std::string_view text) {
    const std::string_view fresh = text.substr(std::exchange(given_out, text.size()));
    if (!fresh.empty()) on_text(fresh);
  };
  std::optional<Error> broken;
  while (!answer->finished()) {
    auto reading = call->piece();
    const auto piece = co_await std::move(reading);
    if (!piece.ok()) broken = piece.error();
    if (broken || piece.value().empty()) break;
    const auto fed = answer->feed(piece.value());
    give_out(answer->text());
    CO_TRY(fed);
  }
  if (broken && broken->code == ErrorCode::run_aborted) co_return *broken;
  // What happens to the connection after the finish reason breaks nothing.
  auto whole = answer->finish();
  if (!whole.ok() && broken) co_return *broken;
  if (whole.ok()) give_out(whole.value().text);
  outbound_.retire(std::move(call));
  co_return whole;
}

Task<Result<std::vector<Vector>>> OpenAiCompletions::embed(EmbeddingRequest request, std::stop_token stop) {
  const std::string body = embeddings_body(request);
  Retries retries(steady_ms());
  while (true) {
    auto attempting = attempt_embedding(body, request.inputs.size(), stop);
    auto vectors = co_await std::move(attempting);
    if (vectors.ok()) co_return vectors;
    TRY_AWAIT_DONE(pause_after(std::move(vectors).error(), request.model, &retries, stop));
  }
}

Task<Result<std::vector<Vector>>> OpenAiCompletions::attempt_embedding(std::string body, std::size_t inputs,
                                                                       std::stop_token stop) {
  const auto call = outbound_.start(request_to("/embeddings", std::move(body)), stop);
  TRY_AWAIT(const net::OutboundHead head, call->head());
  if (!is_good(head.status)) {
    auto refusing = refusal_of(call.get(), head);
    auto refusal = co_await std::move(refusing);
    co_return refusal;
  }
  TRY_AWAIT(const Body answer, read_body(call.get(), limits::provider_answer_bytes_max));
  if (!answer.whole)
    co_return fail(ErrorCode::provider_broken,
                   "sent an answer of more than " + std::to_string(limits::provider_answer_bytes_max) + " bytes");
  co_return read_embeddings(answer.text, inputs);
}

Task<Result<void>> OpenAiCompletions::pause_after(Error error, std::string model, Retries* retries,
                                                  std::stop_token stop) {
  const auto pause_ms = retries->pause_ms(error, steady_ms());
  const Error words = named(std::move(error), model);
  if (!pause_ms) co_return words;
  log_.warn(words.message + "; trying once more in " + std::to_string(*pause_ms) + " ms");
  Sleep pause(loop_, *pause_ms, stop);
  const bool whole = co_await pause;
  if (!whole) co_return fail(ErrorCode::run_aborted, "the run was stopped");
  co_return Result<void>();
}

net::OutboundRequest OpenAiCompletions::request_to(std::string_view path, std::string body) const {
  net::OutboundRequest request;
  request.url = config_.base_url + std::string(path);
  request.headers = request_headers();
  request.body = std::move(body);
  request.deadlines = deadlines_;
  return request;
}

// What the operator configured wins over what is sent by default.
std::vector<std::pair<std::string, std::string>> OpenAiCompletions::request_headers() const {
  std::vector<std::pair<std::string, std::string>> headers(config_.headers.begin(), config_.headers.end());
  const auto add = [&headers](std::string_view name, std::string value) {
    const bool given = std::any_of(headers.begin(), headers.end(),
                                   [name](const auto& header) { return same_but_for_case(header.first, name); });
    if (!given) headers.emplace_back(name, std::move(value));
  };
  add("Content-Type", "application/json");
  add("Accept", "text/event-stream, application/json");
  if (!config_.api_key.empty()) add("Authorization", "Bearer " + config_.api_key.reveal());
  return headers;
}

// The longest answer that is configured for the model, unless the caller has a wish.
void OpenAiCompletions::fill_in(ModelRequest& request) const {
  for (const ModelConfig& model : config_.models)
    if (model.id == request.model && model.max_tokens > 0 && !request.sampling.max_tokens)
      request.sampling.max_tokens = model.max_tokens;
}

// "provider 'mock', model 'mock-1': answered 401: ...". Servers repeat keys in their errors: those are taken out.
Error OpenAiCompletions::named(Error error, std::string_view model) const {
  if (error.code == ErrorCode::run_aborted) return error;
  std::vector<std::string_view> secrets{config_.api_key.reveal()};
  for (const auto& [name, value] : config_.headers) secrets.push_back(value);
  Error words = fail(error.code, "provider '" + config_.id + "', model '" + std::string(model) +
                                     "': " + one_line(masked(error.message, secrets), limits::provider_said_chars_max));
  words.retry_after_ms = error.retry_after_ms;
  return words;
}

}  // namespace omenia::providers
