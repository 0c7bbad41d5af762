// POST /v1/embeddings: vectors of texts, by the configured provider.

#include <cstring>

#include "shared/base/ids.h"
#include "shared/base/utf8.h"
#include "shared/json/writer.h"
#include "worker/openai/agent_choice.h"
#include "worker/openai/endpoints.h"
#include "worker/openai/request_fields.h"
#include "worker/openai/run_call.h"

namespace omenia::openai {

namespace {

struct EmbeddingCall {
  std::string model;  // As asked for; echoed.
  bool as_base64 = false;
  std::shared_ptr<providers::Provider> provider;
  providers::EmbeddingRequest request;
};

Result<std::vector<std::string>> read_inputs(JsonView input) {
  std::vector<std::string> inputs;
  if (input.is_string()) inputs.emplace_back(input.text());
  for (JsonView item = input.is_array() ? input.first() : JsonView(); item; item = item.next()) {
    if (!item.is_string()) return invalid("input: Invalid input: token arrays are not supported, send texts");
    inputs.emplace_back(item.text());
  }
  if (inputs.empty()) return invalid("`input` must contain at least one non-empty string.");
  if (inputs.size() > limits::embedding_inputs_max) return invalid("Too many inputs (max 128).");
  std::size_t total = 0;
  for (const std::string& text : inputs) {
    if (text.empty()) return invalid("`input` must contain at least one non-empty string.");
    const std::size_t length = utf16_length(text);
    if (length > limits::embedding_input_chars_max) return invalid("Input too long (max 8192 chars).");
    total += length;
  }
  if (total > limits::embedding_total_chars_max) return invalid("Total input too large (max 65536 chars).");
  return inputs;
}

// memory.search names provider and model; x-OmeniaClaw-model may name another model of the same provider.
Result<void> choose_provider(const worker::Context& context, const AgentChoice& choice, EmbeddingCall& call) {
  const auto config = context.config();
  std::string provider = config->embedding_provider;
  call.request.model = config->embedding_model;
  if (!choice.backend_model.empty()) {
    const auto slash = choice.backend_model.find('/');
    if (slash != std::string::npos && choice.backend_model.substr(0, slash) != provider)
      return invalid("This agent does not allow that embedding provider on `/v1/embeddings`.");
    call.request.model = slash == std::string::npos ? choice.backend_model : choice.backend_model.substr(slash + 1);
  }
  TRY_ASSIGN(call.provider, context.catalog->provider(provider));
  return {};
}

Result<EmbeddingCall> read_call(const worker::Context& context, const http::Request& request) {
  TRY_ASSIGN(const Json body,
             Json::parse(request.body.empty() ? std::string_view("{}") : std::string_view(request.body)));
  if (!body.view().is_object()) return invalid("The body must be a JSON object.");
  EmbeddingCall call;
  call.model = body["model"].text();
  if (call.model.empty()) return invalid("Missing `model`.");
  TRY_ASSIGN(const AgentChoice choice, choose_agent(context, request, call.model));
  const JsonView named_format = body["encoding_format"];
  const std::string_view format = named_format && !named_format.is_null() ? named_format.text() : "float";
  if (format != "float" && format != "base64") return invalid("`encoding_format` must be float or base64.");
  call.as_base64 = format == "base64";
  if (const JsonView dimensions = body["dimensions"]; dimensions && !dimensions.is_null()) {
    if (!dimensions.is_integer() || dimensions.integer() < 1 || dimensions.integer() > limits::embedding_dimensions_max)
      return invalid("`dimensions` must be an integer from 1 to " + std::to_string(limits::embedding_dimensions_max) +
                     ".");
    call.request.dimensions = dimensions.integer();
  }
  TRY_ASSIGN(call.request.inputs, read_inputs(body["input"]));
  TRY(choose_provider(context, choice, call));
  return call;
}

std::string list_body(const EmbeddingCall& call, const std::vector<providers::Vector>& vectors) {
  JsonWriter writer(vectors.size() * 4096);
  writer.begin_object().member("object", "list").key("data").begin_array();
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    writer.begin_object().member("object", "embedding").member("index", i).key("embedding");
    if (call.as_base64) {
      std::string bytes(vectors[i].size() * sizeof(float), '\0');
      std::memcpy(bytes.data(), vectors[i].data(), bytes.size());
      writer.value(base64(bytes));
    } else {
      writer.begin_array();
      for (const float number : vectors[i]) writer.value(static_cast<double>(number));
      writer.end_array();
    }
    writer.end_object();
  }
  writer.end_array().member("model", call.model);
  writer.key("usage").begin_object().member("prompt_tokens", 0).member("total_tokens", 0).end_object();
  return writer.end_object().take();
}

Task<void> serve(std::shared_ptr<http::Exchange> exchange, EmbeddingCall call) {
  auto embedding = call.provider->embed(call.request, exchange->client_gone());
  const auto vectors = co_await std::move(embedding);
  exchange->respond(vectors.ok() ? http::json_response(200, list_body(call, vectors.value()))
                                 : http::error_response(told_error(vectors.error())));
}

}  // namespace

void serve_embeddings(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  auto call = read_call(context, exchange->request());
  if (!call.ok()) return exchange->respond(http::error_response(call.error()));
  context.requests.spawn(serve(std::move(exchange), std::move(call).value()));
}

}  // namespace omenia::openai
