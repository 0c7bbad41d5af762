#include "worker/net/curl_failure.h"

#include <utility>

#include "worker/net/outbound.h"
#include "worker/net/outbound_failure.h"

namespace omenia::net {

namespace {

Error unreachable(std::string message) {
  return fail(ErrorCode::provider_unreachable, std::move(message));
}

Error not_connected_by_curl(const CurlFailure& failure) {
  if (failure.system_error != 0) return not_connected(failure.endpoint, failure.system_error);
  return unreachable("cannot connect to " + failure.endpoint + ": " + failure.words);
}

Error tls_failure(const CurlFailure& failure) {
  Error error = unreachable("TLS with " + failure.endpoint + " failed: " + failure.words);
  error.details = tls_cause;
  return error;
}

}  // namespace

Error describe(const CurlFailure& failure) {
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST: return unreachable("name not found: " + failure.endpoint);
    case CURLE_COULDNT_RESOLVE_PROXY: return unreachable("name of the proxy not found: " + failure.words);
    case CURLE_COULDNT_CONNECT: return not_connected_by_curl(failure);
    case CURLE_OPERATION_TIMEDOUT:
      return fail(ErrorCode::provider_timeout,
                  "connecting to " + failure.endpoint + " took too long: " + failure.words);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_INITFAILED: return tls_failure(failure);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return closed_too_early(failure.endpoint, failure.head_seen, failure.bytes);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return no_http_server(failure.endpoint, failure.words);
    default: return unreachable("the request to " + failure.endpoint + " failed: " + failure.words);
  }
}

}  // namespace omenia::net
