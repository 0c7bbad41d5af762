// One more attempt, for what may pass, when there is time for it.
#include <gtest/gtest.h>

#include "shared/base/limits.h"
#include "worker/net/outbound.h"
#include "worker/providers/retries.h"

namespace omenia::test {
namespace {

using providers::Retries;

std::optional<std::int64_t> pause(ErrorCode code, std::optional<std::int64_t> retry_after_ms = {},
                                  std::int64_t now_ms = 0, std::string details = {}) {
  Retries retries(0);
  return retries.pause_ms(Error{code, "", std::move(details), retry_after_ms}, now_ms);
}

TEST(Retries, AreForWhatMayPass) {
  for (const ErrorCode code : {ErrorCode::provider_server_error, ErrorCode::provider_overloaded,
                               ErrorCode::provider_unreachable, ErrorCode::provider_rate_limit})
    EXPECT_EQ(pause(code), limits::provider_retry_delay_ms) << row_of(code).name;
  for (const ErrorCode code : {ErrorCode::provider_auth, ErrorCode::provider_billing, ErrorCode::provider_format,
                               ErrorCode::provider_not_found, ErrorCode::provider_broken, ErrorCode::provider_timeout,
                               ErrorCode::context_overflow, ErrorCode::run_aborted})
    EXPECT_EQ(pause(code), std::nullopt) << row_of(code).name;
  EXPECT_EQ(pause(ErrorCode::provider_unreachable, {}, 0, net::tls_cause), std::nullopt);
}

TEST(Retries, WaitAsLongAsTheServerWants) {
  EXPECT_EQ(pause(ErrorCode::provider_rate_limit, 3000), 3000);
  EXPECT_EQ(pause(ErrorCode::provider_rate_limit, 1), limits::provider_retry_delay_ms);
  EXPECT_EQ(pause(ErrorCode::provider_rate_limit, limits::provider_retry_window_ms + 1), std::nullopt);
}

TEST(Retries, FitIntoTheirWindow) {
  const std::int64_t last = limits::provider_retry_window_ms - limits::provider_retry_delay_ms;
  EXPECT_TRUE(pause(ErrorCode::provider_server_error, {}, last));
  EXPECT_FALSE(pause(ErrorCode::provider_server_error, {}, last + 1));
}

TEST(Retries, EndWithTheLastAttempt) {
  Retries retries(0);
  const Error error = fail(ErrorCode::provider_server_error, "");
  for (int attempt = 1; attempt < limits::provider_attempts_max; ++attempt) EXPECT_TRUE(retries.pause_ms(error, 0));
  EXPECT_FALSE(retries.pause_ms(error, 0));
}

}  // namespace
}  // namespace omenia::test
