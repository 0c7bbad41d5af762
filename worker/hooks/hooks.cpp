#include "worker/hooks/hooks.h"

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/attribution.h"
#include "worker/hooks/actions.h"
#include "worker/hooks/dispatch.h"
#include "worker/hooks/mapping.h"
#include "worker/hooks/payload.h"
#include "worker/http/query.h"

namespace omenia::hooks {

namespace {

constexpr const char* token_in_query =
    "Hook token must be provided via Authorization: Bearer <token> or X-OmeniaClaw-Token header (query parameters are "
    "not allowed).";

// The bearer, else the header of its own; empty when neither says anything.
std::string_view shown_token(const http::Request& head) {
  const auto bearer = auth::bearer_of(head.header("authorization"));
  return bearer && !bearer->empty() ? *bearer : head.header("x-OmeniaClaw-token");
}

bool shows_token(const worker::Context& context, const http::Request& head) {
  const auto config = context.config();
  return !config->hooks_token.empty() && config->hooks_token.equals(shown_token(head));
}

http::Admission refused(http::Response response) {
  return {.refusal = std::move(response)};
}

http::Response throttled(std::int64_t locked_ms) {
  http::Response response = http::text_response(429, "Too Many Requests");
  response.headers.push_back({"Retry-After", std::to_string((locked_ms + 999) / 1000)});
  return response;
}

// What is asked for, with all that it says.
std::string_view asked_name(const Config& config, std::string_view path) {
  path.remove_prefix(std::min(config.hooks_path.size() + 1, path.size()));
  return path;
}

Task<void> serve_wake(worker::Context* context, std::shared_ptr<http::Exchange> exchange, Wake wake) {
  auto waking = dispatch_wake(context, std::move(wake));
  auto response = co_await std::move(waking);
  exchange->respond(std::move(response));
}

Task<void> serve_run(worker::Context* context, std::shared_ptr<http::Exchange> exchange, AgentRun run) {
  auto running = dispatch_run(context, std::move(run), limits::hook_admission_ms);
  const auto dispatched = co_await std::move(running);
  exchange->respond(answer_to(dispatched));
}

Task<void> serve_actions(worker::Context* context, std::shared_ptr<http::Exchange> exchange, Actions actions) {
  auto dispatching = dispatch_all(context, std::move(actions));
  auto response = co_await std::move(dispatching);
  exchange->respond(std::move(response));
}

}  // namespace

http::Response refusal(int status, std::string_view text) {
  JsonWriter body;
  return http::json_response(status, body.begin_object().member("ok", false).member("error", text).end_object().take());
}

http::Response refusal_of(const Error& error) {
  http::Response response = refusal(row_of(error.code).http_status, error.message);
  if (error.retry_after_ms)
    response.headers.push_back({"Retry-After", std::to_string((*error.retry_after_ms + 999) / 1000)});
  return response;
}

// The right token is taken during a lock too: whoever guesses from behind the same address must not silence a sender.
// Nor does it forgive what was guessed: the sender may come often.
std::optional<http::Admission> look(worker::Context& context, const http::Request& head) {
  if (http::has_query_member(head.query, "token")) return refused(http::text_response(400, token_in_query));
  const auth::Caller caller{worker::attribution_of(head, *context.config()).address, false, false};
  if (shows_token(context, head)) return std::nullopt;
  const std::int64_t now_ms = wall_ms();
  if (const std::int64_t locked_ms = context.hook_attempts.locked_ms(caller, now_ms); locked_ms > 0)
    return refused(throttled(locked_ms));
  context.hook_attempts.failed(caller, now_ms);
  return refused(http::text_response(401, "Unauthorized"));
}

void serve(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  const http::Request& request = exchange->request();
  const auto config = context.config();
  // The token has changed while the body was on its way.
  if (!shows_token(context, request))
    return exchange->respond(refusal(409, "hook configuration changed; retry request"));
  const std::string name(asked_name(*config, request.path));
  if (name.empty()) return exchange->respond(refusal(404, "Not Found"));
  auto payload = read_payload(request.body);
  if (!payload.ok()) return exchange->respond(refusal_of(payload.error()));
  const Json body = std::move(payload).value();
  if (name == "wake") {
    auto wake = read_wake(context, body);
    if (!wake.ok()) return exchange->respond(refusal_of(wake.error()));
    return context.requests.spawn(serve_wake(&context, std::move(exchange), std::move(wake).value()));
  }
  if (name == "agent") {
    auto run = read_run(context, request, body);
    if (!run.ok()) return exchange->respond(refusal_of(run.error()));
    return context.requests.spawn(serve_run(&context, std::move(exchange), std::move(run).value()));
  }
  const HookMapping* mapping = find_mapping(*config, name, body);
  if (!mapping) return exchange->respond(refusal(404, "Not Found"));
  auto actions = actions_of(context, *mapping, {body, request, name});
  if (!actions.ok()) return exchange->respond(refusal_of(actions.error()));
  if (actions.value().empty()) return exchange->respond({.status = 204});
  context.requests.spawn(serve_actions(&context, std::move(exchange), std::move(actions).value()));
}

}  // namespace omenia::hooks
