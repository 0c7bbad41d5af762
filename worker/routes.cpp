#include "worker/routes.h"

#include <algorithm>

#include "shared/json/writer.h"
#include "worker/endpoints/endpoints.h"
#include "worker/hooks/hooks.h"
#include "worker/metrics_rows.h"
#include "worker/openai/endpoints.h"
#include "worker/probes.h"

namespace omenia::worker {

namespace {

using auth::Scope;

bool models_on(const Config& config) {
  return config.models_enabled;
}
bool embeddings_on(const Config& config) {
  return config.embeddings_enabled;
}
bool metrics_are_public(const Config& config) {
  return config.metrics_public;
}
bool responses_on(const Config& config) {
  return config.responses_enabled;
}
bool chat_completions_on(const Config& config) {
  return config.chat_completions_enabled;
}
bool hooks_on(const Config& config) {
  return config.hooks_enabled && !config.hooks_token.empty();
}
bool admin_rpc_on(const Config& config) {
  return config.admin_rpc_enabled;
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
    {.method = "POST",
     .path = "/hooks",
     .below = &Config::hooks_path,
     .body_bytes_max = limits::hook_body_bytes_max,
     .enabled = hooks_on,
     .look = hooks::look,
     .body_refusal = hooks::refusal_of,
     .serve = hooks::serve},
    {.method = "GET",
     .path = "/metrics",
     .head = true,
     .scope = Scope::read,
     .while_draining = true,
     .open = metrics_are_public,
     .serve = serve_metrics},
    {.method = "GET",
     .path = "/v1/models",
     .head = true,
     .scope = Scope::read,
     .enabled = models_on,
     .serve = openai::serve_models},
    {.method = "GET",
     .path = "/v1/models/",
     .is_prefix = true,
     .head = true,
     .scope = Scope::read,
     .enabled = models_on,
     .serve = openai::serve_model},
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
    {.method = "POST",
     .path = "/tools/invoke",
     .body_bytes_max = limits::tools_invoke_body_bytes_max,
     .serve = endpoints::serve_tools_invoke},
    {.method = "GET", .path = "/sessions/*/history", .scope = Scope::read, .serve = endpoints::serve_session_history},
    {.method = "POST",
     .path = "/sessions/*/kill",
     .scope = Scope::admin,
     .body_bytes_max = limits::session_kill_body_bytes_max,
     .serve = endpoints::serve_session_kill},
    {.method = "POST",
     .path = "/api/v1/admin/rpc",
     .scope = std::nullopt,
     .while_draining = true,
     .body_bytes_max = limits::admin_rpc_body_bytes_max,
     .enabled = admin_rpc_on,
     .body_refusal = endpoints::admin_error_response,
     .serve = endpoints::serve_admin_rpc},
};

// How an area's errors are written.
enum class Form {
  text,    // What people read in a browser.
  openai,  // {"error":{"message":...,"type":...}}
  ok,      // {"ok":false,"error":{"type":...,"message":...}}
  brief,   // {"ok":false,"error":"..."}
};

// Paths that programs ask, whether anything is served there or not.
struct Area {
  std::string_view path;  // And everything below it.
  Form form;
};

constexpr Area areas[] = {
    {"/v1", Form::openai},    {"/metrics", Form::openai}, {"/health", Form::openai},  {"/healthz", Form::openai},
    {"/ready", Form::openai}, {"/readyz", Form::openai},  {"/startup", Form::openai}, {"/startupz", Form::openai},
    {"/api", Form::ok},       {"/tools", Form::ok},       {"/sessions", Form::ok},    {"/plugins", Form::ok},
    {"/hooks", Form::brief},
};

bool is_at_or_below(std::string_view path, std::string_view base) {
  return path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/');
}

Form form_of(const Config& config, std::string_view path) {
  if (hooks_on(config) && is_at_or_below(path, config.hooks_path)) return Form::brief;
  const auto found = std::find_if(std::begin(areas), std::end(areas),
                                  [path](const Area& area) { return is_at_or_below(path, area.path); });
  return found == std::end(areas) ? Form::text : found->form;
}

http::Response refusal(Form form, ErrorCode code, std::string_view message) {
  const ErrorRow& row = row_of(code);
  JsonWriter body;
  body.begin_object();
  switch (form) {
    case Form::text: return http::text_response(row.http_status, std::string(message));
    case Form::openai: return http::error_response(fail(code, std::string(message)));
    case Form::ok:
      body.member("ok", false).key("error").begin_object().member("type", row.name).member("message", message);
      return http::json_response(row.http_status, body.end_object().end_object().take());
    case Form::brief: break;
  }
  return http::json_response(row.http_status, body.member("ok", false).member("error", message).end_object().take());
}

// "/sessions/*/history" fits "/sessions/a%2Fb/history": `*` is one name, which has no slash and is not empty.
bool fits(std::string_view pattern, std::string_view path) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return path == pattern;
  const std::string_view tail = pattern.substr(star + 1);
  if (path.size() <= star + tail.size() || !path.starts_with(pattern.substr(0, star)) || !path.ends_with(tail))
    return false;
  return path.substr(star, path.size() - star - tail.size()).find('/') == std::string_view::npos;
}

bool serves_path(const Route& route, const Config& config, std::string_view path) {
  if (route.enabled && !route.enabled(config)) return false;
  if (route.below) return is_at_or_below(path, config.*route.below);
  return route.is_prefix ? path.starts_with(route.path) : fits(route.path, path);
}

bool serves_method(const Route& route, std::string_view method) {
  return method == route.method || (route.head && method == "HEAD");
}

}  // namespace

std::span<const Route> route_rows() {
  return routes;
}

const Route* find_route(const Config& config, std::string_view method, std::string_view path) {
  const auto found = std::find_if(std::begin(routes), std::end(routes), [&](const Route& route) {
    return serves_method(route, method) && serves_path(route, config, path);
  });
  return found == std::end(routes) ? nullptr : found;
}

std::string allowed_methods(const Config& config, std::string_view path) {
  std::string allowed;
  const auto add = [&allowed](std::string_view method) {
    if (!http::list_has_token(allowed, method)) allowed.append(allowed.empty() ? "" : ", ").append(method);
  };
  for (const Route& route : routes) {
    if (!serves_path(route, config, path)) continue;
    add(route.method);
    if (route.head) add("HEAD");
  }
  return allowed;
}

http::Response refuse_route(const Config& config, const http::Request& head) {
  const std::string allowed = allowed_methods(config, head.path);
  if (allowed.empty()) return refusal(form_of(config, head.path), ErrorCode::not_found, "Not Found");
  http::Response response = refusal(form_of(config, head.path), ErrorCode::method_not_allowed, "Method Not Allowed");
  response.headers.push_back({"Allow", allowed});
  return response;
}

}  // namespace omenia::worker
