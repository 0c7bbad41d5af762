#include "worker/pipeline.h"

#include "shared/base/clock.h"
#include "worker/attribution.h"
#include "worker/auth/hosts.h"
#include "worker/ws/session.h"

namespace omenia::worker {

namespace {

// A proxy on this machine makes every visitor look local. One that is named and says who the visitor is, is believed.
std::optional<http::Response> refuse_unattributed(const Context& context, const http::Request& head) {
  if (attribution_of(head, *context.config()).known) return std::nullopt;
  return http::json_response(
      403,
      R"({"error":{"message":"Proxy client attribution is required. Configure gateway.trustedProxies narrowly and make the proxy overwrite or safely rebuild forwarded client headers.","type":"proxy_attribution_required"}})");
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

http::Admission unauthorized(std::int64_t delay_ms = 0) {
  return refused(http::error_response(fail(ErrorCode::unauthorized, "Unauthorized")), delay_ms);
}

// Without a credential that a page could not have, a page must be one of ours; and a name that somebody else has
// pointed at this machine is not ours.
bool is_of_our_pages(const Context& context, const http::Request& head) {
  if (head.has_header("origin")) return context.is_origin_allowed(head);
  return !head.peer.loopback || auth::is_private_host(auth::host_name_of(head.header("host")));
}

std::optional<http::Admission> check_bearer(Context& context, const http::Request& head) {
  const auth::Caller caller = caller_of(head, *context.config());
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
  return unauthorized(check == auth::SecretCheck::wrong ? context.attempts.failed(caller, now_ms) : 0);
}

// Who is it? Nothing: the operator. Otherwise what is answered, and after which delay.
std::optional<http::Admission> authenticate(Context& context, const http::Request& head) {
  switch (context.authenticator.mode()) {
    case auth::AuthMode::none: return is_of_our_pages(context, head) ? std::nullopt : std::optional(unauthorized());
    case auth::AuthMode::trusted_proxy: {
      const bool vouched = !voucher_of(head, *context.config()).user.empty();
      if (vouched) return is_of_our_pages(context, head) ? std::nullopt : std::optional(unauthorized());
      // Programs of this machine that have come without the proxy may use the password.
      if (!is_direct_local(head, *context.config())) return unauthorized();
      return check_bearer(context, head);
    }
    case auth::AuthMode::token:
    case auth::AuthMode::password: break;
  }
  return check_bearer(context, head);
}

}  // namespace

// From the head alone: the body of a request that is refused is never read.
http::Admission Pipeline::admit(const http::Request& head) {
  if (head.path != "/health" && head.path != "/healthz")
    if (auto response = refuse_unattributed(context_, head)) return refused(std::move(*response));
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
  if (auto response = refuse_unattributed(context_, head)) return response;
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
  const std::string key(request.header("sec-websocket-key"));
  context_.web_sockets->adopt(std::move(upgrade.socket), {key}, upgrade.bytes,
                              std::make_shared<ws::Session>(context_, std::move(peer)));
}

}  // namespace omenia::worker
