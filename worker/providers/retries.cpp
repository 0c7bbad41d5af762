#include "worker/providers/retries.h"

#include <algorithm>

#include "shared/base/limits.h"
#include "worker/net/outbound.h"

namespace omenia::providers {

namespace {

bool may_pass(const Error& error) {
  switch (error.code) {
    case ErrorCode::provider_unreachable: return error.details != net::tls_cause;
    case ErrorCode::provider_server_error:
    case ErrorCode::provider_overloaded:
    case ErrorCode::provider_rate_limit: return true;
    default: return false;
  }
}

}  // namespace

std::optional<std::int64_t> Retries::pause_ms(const Error& error, std::int64_t now_ms) {
  if (attempts_ >= limits::provider_attempts_max || !may_pass(error)) return std::nullopt;
  const std::int64_t pause = std::max<std::int64_t>(error.retry_after_ms.value_or(0), limits::provider_retry_delay_ms);
  if (now_ms - begun_ms_ + pause > limits::provider_retry_window_ms) return std::nullopt;
  ++attempts_;
  return pause;
}

}  // namespace omenia::providers
