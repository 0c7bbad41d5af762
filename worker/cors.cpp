#include "worker/cors.h"

#include "worker/auth/origin.h"

namespace omenia::worker {

namespace {

// In the other modes a browser's request would be let in for where it comes from, whatever page has sent it.
bool is_by_secret(const Context& context) {
  const auth::AuthMode mode = context.authenticator.mode();
  return mode == auth::AuthMode::token || mode == auth::AuthMode::password;
}

}  // namespace

std::vector<http::Header> cors_headers(const Context& context, const http::Request& head) {
  const std::vector<std::string>& allowed = context.loaded->config.cors_origins;
  if (allowed.empty() || !is_by_secret(context)) return {};
  const std::string_view origin = head.header("origin");
  if (!auth::is_listed(origin, allowed)) return {{"Vary", "Origin"}};
  return {{"Vary", "Origin"},
          {"Access-Control-Allow-Origin", std::string(origin)},
          {"Access-Control-Expose-Headers", "X-Request-Id, Retry-After, X-Should-Retry"}};
}

bool is_preflight(const http::Request& head) {
  return head.method == "OPTIONS" && head.has_header("origin") && head.has_header("access-control-request-method");
}

// Any header of the page's own may come: which credential counts is not decided here.
http::Response preflight_response(const http::Request& head, const std::string& methods) {
  http::Response response{.status = 204};
  response.headers = {{"Access-Control-Allow-Methods", methods},
                      {"Access-Control-Max-Age", std::to_string(limits::cors_preflight_seconds)}};
  if (const std::string_view asked = head.header("access-control-request-headers"); !asked.empty())
    response.headers.push_back({"Access-Control-Allow-Headers", std::string(asked)});
  if (head.header("access-control-request-private-network") == "true")
    response.headers.push_back({"Access-Control-Allow-Private-Network", "true"});
  return response;
}

}  // namespace omenia::worker
