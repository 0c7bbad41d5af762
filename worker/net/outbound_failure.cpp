#include "worker/net/outbound_failure.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "shared/base/limits.h"

namespace omenia::net {

namespace {

Error unreachable(std::string message) {
  return fail(ErrorCode::provider_unreachable, std::move(message));
}

bool has_control_character(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace

Error aborted() {
  return fail(ErrorCode::run_aborted, "the request was ended before its answer was complete");
}

Error shutting_down() {
  return fail(ErrorCode::run_aborted, "the request was ended: the gateway is shutting down");
}

Error not_connected(const std::string& endpoint, int system_error) {
  switch (system_error) {
    case ECONNREFUSED: return unreachable("connection refused by " + endpoint);
    case ENETUNREACH:
    case EHOSTUNREACH: return unreachable("no route to " + endpoint);
    default: return unreachable("cannot connect to " + endpoint + ": " + std::strerror(system_error));
  }
}

Error closed_too_early(const std::string& endpoint, bool head_complete, std::size_t body_bytes) {
  if (!head_complete) return unreachable(endpoint + " closed the connection before it answered");
  return fail(
      ErrorCode::provider_server_error,
      endpoint + " closed the connection in the middle of its answer, after " + std::to_string(body_bytes) + " bytes");
}

Error no_http_server(const std::string& endpoint, const std::string& words) {
  return fail(ErrorCode::provider_broken, endpoint + " does not answer as an HTTP server: " + words);
}

Error head_too_large(const std::string& endpoint) {
  return fail(ErrorCode::provider_broken,
              endpoint + " sends a head of more than " + std::to_string(limits::outbound_head_bytes_max) + " bytes");
}

Error unsendable_header(const std::string& name) {
  return fail(ErrorCode::provider_auth,
              "the request header \"" + name +
                  "\" cannot be sent: it is empty or holds a line break or another control character");
}

bool is_sendable(const std::string& name, const std::string& value) {
  return !name.empty() && !has_control_character(name) && !has_control_character(value);
}

}  // namespace omenia::net
