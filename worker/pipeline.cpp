#include "worker/pipeline.h"

#include "shared/base/clock.h"
#include "worker/ws/session.h"

namespace omenia::worker {

namespace {

auth::Caller caller_of(const http::Request& head) {
  return {head.peer.address, {}, head.peer.loopback && !head.is_forwarded()};
}

// A proxy on this machine makes every visitor look local; until trusted proxies are supported, none is believed.
std::optional<http::Response> refuse_unattributed(const http::Request& head) {
  if (!head.peer.loopback || !head.is_forwarded()) return std::nullopt;
  return http::json_response(
      403,
      R"({"error":{"message":"Proxy client attribution is required. Trusted proxies are not available in this release: connect without a proxy.","type":"proxy_attribution_required"}})");
}

http::Response unavailable_while_draining() {
  http::Response response = http::json_response(
      503,
      R"({"error":{"message":"Gateway is temporarily unavailable while suspending or restarting","type":"service_unavailable","code":"gateway_unavailable"}})");
  response.headers.push_back({"Retry-After", "1"});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

http::Admission refused(http::Response response, std::int64_t delay_ms = 0) {
  return {std::move(response), static_cast<int>(delay_ms), 0};
}

// Who is it? Nothing: the operator. Otherwise what is answered, and after which delay.
std::optional<http::Admission> authenticate(Context& context, const http::Request& head) {
  if (context.authenticator.mode() == auth::AuthMode::none) {
    if (!head.has_header("origin")) return std::nullopt;
    if (context.is_origin_allowed(head)) return std::nullopt;
    return refused(http::error_response(fail(ErrorCode::unauthorized, "Unauthorized")));
  }
  const auth::Caller caller = caller_of(head);
  const std::int64_t now_ms = wall_ms();
  if (const std::int64_t locked_ms = context.attempts.locked_ms(caller, now_ms); locked_ms > 0)
    return refused(http::error_response(
        {ErrorCode::rate_limited, "Too many failed authentication attempts. Please try again later.", {}, locked_ms}));
  const auto bearer = auth::bearer_of(head.header("authorization"));
  const auth::SecretCheck check = context.authenticator.check(bearer.value_or(""), {});
  if (check == auth::SecretCheck::granted) {
    context.attempts.succeeded(caller);
    return std::nullopt;
  }
  const std::int64_t delay_ms = check == auth::SecretCheck::wrong ? context.attempts.failed(caller, now_ms) : 0;
  return refused(http::error_response(fail(ErrorCode::unauthorized, "Unauthorized")), delay_ms);
}

}  // namespace

// From the head alone: the body of a request that is refused is never read.
http::Admission Pipeline::admit(const http::Request& head) {
  if (head.path != "/health" && head.path != "/healthz")
    if (auto response = refuse_unattributed(head)) return refused(std::move(*response));
  std::optional<http::Response> refusal;
  const Route* route = find_route(*context_.config(), head, refusal);
  if (!route) return refused(std::move(*refusal));
  if (context_.draining && !route->while_draining) return refused(unavailable_while_draining());
  if (route->authenticated)
    if (auto admission = authenticate(context_, head)) return std::move(*admission);
  return {std::nullopt, 0, route->body_bytes_max};
}

void Pipeline::handle(std::shared_ptr<http::Exchange> exchange) {
  std::optional<http::Response> refusal;
  const Route* route = find_route(*context_.config(), exchange->request(), refusal);
  if (!route) return exchange->respond(std::move(*refusal));  // Switched off while the body was on its way.
  route->serve(context_, std::move(exchange));
}

// Upgrades are not authenticated here: the socket's first frame is. What is bounded is how many wait for that.
std::optional<http::Response> Pipeline::admit_upgrade(const http::Request& head) {
  if (auto response = refuse_unattributed(head)) return response;
  if (context_.leaving) return unavailable_while_draining();
  if (context_.hub.pending(head.peer.address) >= limits::upgrades_before_connect_per_address_max)
    return http::text_response(503, "Too many connections of this address have not finished connect.");
  return std::nullopt;
}

void Pipeline::upgrade(http::Upgrade upgrade) {
  const http::Request& request = upgrade.request;
  ws::PeerFacts peer;
  peer.address = request.peer.address;
  peer.loopback = request.peer.loopback;
  peer.forwarded = request.is_forwarded();
  peer.origin = request.header("origin");
  peer.host = request.header("host");
  const std::string key(request.header("sec-websocket-key"));
  context_.web_sockets->adopt(std::move(upgrade.socket), {key}, upgrade.bytes,
                              std::make_shared<ws::Session>(context_, std::move(peer)));
}

}  // namespace omenia::worker
