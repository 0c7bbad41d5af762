#include "worker/probes.h"

#include "shared/base/clock.h"
#include "shared/base/version.h"
#include "shared/json/writer.h"
#include "worker/attribution.h"
#include "worker/principal.h"

namespace omenia::worker {

namespace {

// Details are for this machine, and for who has proven who he is (a mode without a secret proves nothing). A wrong
// secret counts here as everywhere: else this would be the place to guess it.
bool may_see_details(Context& context, const http::Request& request) {
  if (is_direct_local(request, *context.config())) return true;
  if (context.authenticator.mode() == auth::AuthMode::none) return false;
  const auto who = authenticate(context, request);
  const auto* principal = std::get_if<Principal>(&who);
  return principal && principal->scopes.covers(auth::Scope::read);
}

void answer(http::Exchange& exchange, int status, std::string body) {
  http::Response response = http::json_response(status, std::move(body));
  response.headers.push_back({"Cache-Control", "no-store"});
  exchange.respond(std::move(response));
}

}  // namespace

void serve_health(Context&, std::shared_ptr<http::Exchange> exchange) {
  answer(*exchange, 200, R"({"ok":true,"status":"live"})");
}

void serve_ready(Context& context, std::shared_ptr<http::Exchange> exchange) {
  const bool ready = !context.draining;
  JsonWriter body;
  body.begin_object().member("ready", ready);
  if (may_see_details(context, exchange->request())) {
    body.key("failing").begin_array();
    if (!ready) body.value("gateway-draining");
    body.end_array().member("uptimeMs", wall_ms() - context.started_ms);
    body.raw_member("eventLoop", context.monitor.to_json());
  }
  answer(*exchange, ready ? 200 : 503, body.end_object().take());
}

void serve_startup(Context& context, std::shared_ptr<http::Exchange> exchange) {
  const bool started = !context.draining;
  JsonWriter body;
  body.begin_object().member("ok", started).member("status", started ? "started" : "draining");
  if (may_see_details(context, exchange->request()))
    body.member("version", version).member("uptimeMs", wall_ms() - context.started_ms);
  answer(*exchange, started ? 200 : 503, body.end_object().take());
}

}  // namespace omenia::worker
