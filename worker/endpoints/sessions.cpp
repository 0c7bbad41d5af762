// GET /sessions/{key}/history and POST /sessions/{key}/kill.

#include <algorithm>
#include <charconv>

#include "worker/endpoints/answers.h"
#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/history_page.h"
#include "worker/http/query.h"
#include "worker/sessions/key.h"

namespace omenia::endpoints {

namespace {

// The name between "/sessions/" and the last slash. Error: invalid_request.
Result<sessions::SessionKey> session_in(const worker::Context& context, const http::Request& request) {
  constexpr std::string_view start = "/sessions/";
  const std::string_view path = request.path;
  TRY_ASSIGN(const std::string name, http::percent_decode(path.substr(start.size(), path.rfind('/') - start.size())));
  const std::string agent = http::query_value(request.query, "agentId");
  TRY_ASSIGN(sessions::SessionKey key, sessions::parse_key(name, agent.empty() ? context.default_agent() : agent));
  if (!agent.empty() && key.agent_id != agent)
    return fail(ErrorCode::invalid_request, "the session belongs to another agent");
  return key;
}

// A positive integer; `fallback` when the query does not have it. Nothing: it is something else.
std::optional<std::int64_t> positive(const http::Request& request, std::string_view name, std::int64_t fallback) {
  if (!http::has_query_member(request.query, name)) return fallback;
  const std::string text = http::query_value(request.query, name);
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

// Named as such: a client that takes anything gets a plain answer.
bool wants_stream(const http::Request& request) {
  std::string_view accepted = request.header("accept");
  while (!accepted.empty()) {
    const std::size_t comma = std::min(accepted.find(','), accepted.size());
    const std::string_view item = accepted.substr(0, comma);
    if (http::same_token(http::trimmed(item.substr(0, item.find(';'))), "text/event-stream")) return true;
    accepted.remove_prefix(std::min(comma + 1, accepted.size()));
  }
  return false;
}

http::Response no_session(const std::string& key) {
  return refusal(404, "not_found", "Session not found: " + key);
}

http::Response failure(const Error& error) {
  if (is_unavailable(error)) return unavailable(error.message);
  return refusal(500, "api_error", "internal error");
}

Task<void> serve_page(worker::Context* context, std::shared_ptr<http::Exchange> exchange, HistoryPage page) {
  auto reading = read_page(context, page);
  const auto read = co_await std::move(reading);
  if (!read.ok()) co_return exchange->respond(failure(read.error()));
  if (!read.value()) co_return exchange->respond(no_session(page.session_key));
  if (!wants_stream(exchange->request())) co_return exchange->respond(http::json_response(200, read.value()->text));
  if (context->followers.full())
    co_return exchange->respond(unavailable("Too many clients follow sessions at the moment."));
  context->followers.add(std::move(exchange), std::move(page), *read.value());
}

Task<void> kill(worker::Context* context, std::shared_ptr<http::Exchange> exchange, std::string key) {
  using Found = std::optional<state::SessionRow>;
  auto looking = context->store->read<Found>([key](state::Tables& tables) { return tables.sessions.find(key); });
  const auto found = co_await std::move(looking);
  if (!found.ok()) co_return exchange->respond(failure(found.error()));
  if (!found.value()) co_return exchange->respond(no_session(key));
  const bool killed = !context->runs->abort(key, {}, "rpc").empty();
  exchange->respond(
      http::json_response(200, killed ? R"({"ok":true,"killed":true})" : R"({"ok":true,"killed":false})"));
}

}  // namespace

void serve_session_history(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  const http::Request& request = exchange->request();
  const auto key = session_in(context, request);
  if (!key.ok()) return exchange->respond(refusal(400, "invalid_request", "invalid session key"));
  const auto limit = positive(request, "limit", limits::session_page_rows);
  if (!limit) return exchange->respond(refusal(400, "invalid_request", "limit must be a positive integer"));
  const auto cursor = positive(request, "cursor", 0);
  if (!cursor) return exchange->respond(refusal(400, "invalid_request", "cursor must be a positive integer"));
  HistoryPage page{key.value().text, std::min(*limit, limits::session_page_rows_max), *cursor};
  context.requests.spawn(serve_page(&context, std::move(exchange), std::move(page)));
}

void serve_session_kill(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  const auto key = session_in(context, exchange->request());
  if (!key.ok()) return exchange->respond(refusal(400, "invalid_request", "invalid session key"));
  context.requests.spawn(kill(&context, std::move(exchange), key.value().text));
}

}  // namespace omenia::endpoints
