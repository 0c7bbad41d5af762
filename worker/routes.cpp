// The route table, and how a request finds its row.

#include "worker/openai/endpoints.h"
#include "worker/pipeline.h"
#include "worker/probes.h"

namespace omenia::worker {

namespace {

bool models_on(const Config& config) {
  return config.models_enabled;
}
bool embeddings_on(const Config& config) {
  return config.embeddings_enabled;
}
bool responses_on(const Config& config) {
  return config.responses_enabled;
}
bool chat_completions_on(const Config& config) {
  return config.chat_completions_enabled;
}

constexpr Route probe(std::string_view path, void (*serve)(Context&, std::shared_ptr<http::Exchange>)) {
  return {.method = "GET", .path = path, .head = true, .authenticated = false, .while_draining = true, .serve = serve};
}

constexpr Route routes[] = {
    probe("/health", serve_health),
    probe("/healthz", serve_health),
    probe("/ready", serve_ready),
    probe("/readyz", serve_ready),
    probe("/startup", serve_startup),
    probe("/startupz", serve_startup),
    {.method = "GET", .path = "/v1/models", .enabled = models_on, .serve = openai::serve_models},
    {.method = "GET", .path = "/v1/models/", .is_prefix = true, .enabled = models_on, .serve = openai::serve_model},
    {.method = "POST",
     .path = "/v1/embeddings",
     .body_bytes_max = limits::embeddings_body_bytes_max,
     .enabled = embeddings_on,
     .serve = openai::serve_embeddings},
    {.method = "POST",
     .path = "/v1/chat/completions",
     .body_bytes_max = limits::chat_completions_body_bytes_max,
     .enabled = chat_completions_on,
     .serve = openai::serve_chat_completions},
    {.method = "POST",
     .path = "/v1/responses",
     .body_bytes_max = limits::responses_body_bytes_max,
     .enabled = responses_on,
     .serve = openai::serve_responses},
};

bool serves_path(const Route& route, std::string_view path) {
  return route.is_prefix ? path.starts_with(route.path) : path == route.path;
}

bool serves_method(const Route& route, std::string_view method) {
  return method == route.method || (route.head && method == "HEAD");
}

}  // namespace

const Route* find_route(const Config& config, const http::Request& head, std::optional<http::Response>& refusal) {
  const Route* wrong_method = nullptr;
  for (const Route& route : routes) {
    if (!serves_path(route, head.path) || (route.enabled && !route.enabled(config))) continue;
    if (serves_method(route, head.method)) return &route;
    wrong_method = &route;
  }
  if (!wrong_method) {
    refusal = http::text_response(404, "Not Found");
    return nullptr;
  }
  refusal = http::text_response(405, "Method Not Allowed");
  refusal->headers.push_back({"Allow", std::string(wrong_method->method) + (wrong_method->head ? ", HEAD" : "")});
  return nullptr;
}

}  // namespace omenia::worker
