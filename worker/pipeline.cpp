#include "worker/pipeline.h"

#include <variant>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/attribution.h"
#include "worker/auth/hosts.h"
#include "worker/auth/origin.h"
#include "worker/cors.h"
#include "worker/principal.h"
#include "worker/routes.h"
#include "worker/rpc/router.h"
#include "worker/ws/session.h"

namespace omenia::worker {

namespace {

// A proxy on this machine makes every visitor look local. One that is named and says who the visitor is, is believed.
std::optional<http::Response> refuse_unattributed(const Context& context, const http::Request& head) {
  if (attribution_of(head, *context.config()).known) return std::nullopt;
  return http::error_response(
      fail(ErrorCode::unattributed,
           "Proxy client attribution is required. Configure gateway.trustedProxies narrowly and make the proxy "
           "overwrite or safely rebuild forwarded client headers."));
}

// A page can have its own name point at this machine, and then what it asks for is its own site's to the browser. Names
// without a dot are given by this machine or its network.
std::optional<http::Response> refuse_foreign_name(const Context& context, const http::Request& head) {
  if (!is_direct_local(head, *context.config())) return std::nullopt;
  const std::string name = auth::host_name_of(head.header("host"));
  if (!auth::is_public_name(name) || auth::is_host_of(name, context.allowed_origins()) ||
      auth::is_host_of(name, context.config()->cors_origins))
    return std::nullopt;
  return http::error_response(
      fail(ErrorCode::misdirected, "This gateway is not called \"" + name +
                                       "\". Call it localhost or by its address, or list the origin of its pages in "
                                       "gateway.controlUi.allowedOrigins."));
}

http::Response unavailable_while_draining() {
  http::Response response = http::json_response(
      503,
      R"({"error":{"message":"Gateway is temporarily unavailable while suspending or restarting","type":"service_unavailable","code":"gateway_unavailable"}})");
  response.headers.push_back({"Retry-After", "1"});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

http::Response missing_scope_response(auth::Scope scope) {
  const Error error = auth::missing_scope(scope);
  const ErrorRow& row = row_of(error.code);
  JsonWriter body;
  body.begin_object().member("ok", false).key("error").begin_object();
  body.member("type", row.http_type).member("message", error.message).raw_member("details", error.details);
  return http::json_response(row.http_status, body.end_object().end_object().take());
}

// What a path can be asked with; to a browser's page, whether it may ask.
http::Response answer_options(const Context& context, const http::Request& head) {
  const std::string allowed = head.path == "*" ? "GET, HEAD, POST" : allowed_methods(*context.config(), head.path);
  if (allowed.empty()) return refuse_route(*context.config(), head);
  if (is_preflight(head)) {
    if (cors_headers(context, head).size() < 2) return refuse_route(*context.config(), head);
    return preflight_response(head, allowed);
  }
  return {.status = 204, .headers = {{"Allow", allowed + ", OPTIONS"}}};
}

http::Admission refused(http::Response response, std::int64_t delay_ms = 0) {
  return {.refusal = std::move(response), .refusal_delay_ms = static_cast<int>(delay_ms)};
}

bool tells_only_that_it_lives(const http::Request& head) {
  return head.path == "/health" || head.path == "/healthz";
}

}  // namespace

// From the head alone: the body of a request that is refused is never read.
http::Admission Pipeline::admit(const http::Request& head) {
  if (!tells_only_that_it_lives(head)) {
    if (auto response = refuse_unattributed(context_, head)) return refused(std::move(*response));
    if (auto response = refuse_foreign_name(context_, head)) return refused(std::move(*response));
  }
  const Route* route = find_route(*context_.config(), head.method, head.path);
  http::Admission admission = admit_to(route, head);
  admission.headers = cors_headers(context_, head);
  if (route) admission.tag = static_cast<int>(route - route_rows().data());
  return admission;
}

http::Admission Pipeline::admit_to(const Route* route, const http::Request& head) {
  if (head.method == "OPTIONS") return refused(answer_options(context_, head));
  if (!route) return refused(refuse_route(*context_.config(), head));
  if (context_.draining && !route->while_draining) return refused(unavailable_while_draining());
  if (route->look) {
    if (auto refusal = route->look(context_, head)) return std::move(*refusal);
  } else if (!route->is_for_anybody(*context_.config())) {
    const auto who = authenticate(context_, head);
    if (const auto* refusal = std::get_if<AuthRefusal>(&who))
      return refused(http::error_response(refusal->error), refusal->delay_ms);
    if (route->scope && !std::get<Principal>(who).scopes.covers(*route->scope))
      return refused(missing_scope_response(*route->scope));
  }
  return {.refusal = std::nullopt, .body_bytes_max = route->body_bytes_max, .body_refusal = route->body_refusal};
}

// Paths with a look of their own look again by themselves.
std::optional<http::Response> Pipeline::refuse_by_now(const Route& route, const http::Request& head) const {
  if (route.look || route.is_for_anybody(*context_.config())) return std::nullopt;
  if (!is_still_let_in(context_, head)) return http::error_response(fail(ErrorCode::unauthorized, "Unauthorized"));
  if (route.scope && !principal_of(context_, head).scopes.covers(*route.scope))
    return missing_scope_response(*route.scope);
  return std::nullopt;
}

void Pipeline::handle(std::shared_ptr<http::Exchange> exchange) {
  const http::Request& request = exchange->request();
  const Route* route = find_route(*context_.config(), request.method, request.path);
  // While the body was on its way the path may have been switched off, and who sends it shut out.
  if (!route) return exchange->respond(refuse_route(*context_.config(), request));
  if (auto refusal = refuse_by_now(*route, request)) return exchange->respond(std::move(*refusal));
  route->serve(context_, std::move(exchange));
}

// Upgrades are not authenticated here: the socket's first frame is. What is bounded is how many wait for that.
std::optional<http::Response> Pipeline::admit_upgrade(const http::Request& head) {
  if (auto response = refuse_unattributed(context_, head)) return response;
  // A page says where it is from. Programs may use a name of their own; it counts as one of elsewhere.
  if (head.has_header("origin"))
    if (auto response = refuse_foreign_name(context_, head)) return response;
  if (context_.leaving) return unavailable_while_draining();
  const std::string address = attribution_of(head, *context_.config()).address;
  if (context_.hub.pending(address) >= limits::upgrades_before_connect_per_address_max)
    return http::text_response(503, "Too many connections of this address have not finished connect.");
  return std::nullopt;
}

void Pipeline::upgrade(http::Upgrade upgrade) {
  const http::Request& request = upgrade.request;
  ws::PeerFacts peer;
  const auth::Attribution attribution = attribution_of(request, *context_.config());
  const auth::Voucher voucher = voucher_of(request, *context_.config());
  peer.address = attribution.address;
  peer.loopback = request.peer.loopback;
  peer.forwarded = !attribution.direct;
  peer.user = voucher.user;
  peer.no_user_reason = voucher.reason;
  peer.origin = request.header("origin");
  peer.host = request.header("host");
  const net::UpgradeAnswer answer{std::string(request.header("sec-websocket-key")), std::move(upgrade.taken_bytes)};
  context_.web_sockets->adopt(std::move(upgrade.socket), answer, upgrade.bytes,
                              std::make_shared<ws::Session>(context_, std::move(peer)));
}

// What went wrong is the operator's business, what went well only when he looks closely.
void Pipeline::answered(const http::Answered& answered) {
  context_.metrics.count_request(static_cast<std::size_t>(answered.tag), answered.status, answered.took_us);
  const bool is_refusal = answered.status == 401 || answered.status == 403 || answered.status == 429;
  const LogLevel level = answered.status >= 500 && answered.status != 503 ? LogLevel::warn
                         : is_refusal                                     ? LogLevel::info
                                                                          : LogLevel::debug;
  if (!log_.enabled(level)) return;
  const Route* route =
      answered.tag == http::Admission::no_tag ? nullptr : &route_rows()[static_cast<std::size_t>(answered.tag)];
  const std::string what = route ? std::string(route->method) + " " + std::string(route->path) : "a request";
  log_.write(level, what + " of " + std::string(answered.address) + ": " + std::to_string(answered.status) + " after " +
                        std::to_string(answered.took_us / 1000) + " ms, request " + std::string(answered.id));
}

}  // namespace omenia::worker
