#include "worker/config/consumers.h"

#include "worker/context.h"

namespace omenia::worker {

void mask_secrets(Log& log, const Config& config, const auth::AuthSettings& auth) {
  if (!auth.secret.empty()) log.mask(auth.secret.reveal());
  if (!config.hooks_token.empty()) log.mask(config.hooks_token.reveal());
  for (const ProviderConfig& provider : config.providers)
    if (!provider.api_key.empty()) log.mask(provider.api_key.reveal());
}

auth::AttemptLimits attempt_limits(const Config& config) {
  return {config.auth_attempts_max, config.auth_window_ms, config.auth_lockout_ms, config.auth_exempt_loopback};
}

auth::AttemptLimits hook_attempt_limits() {
  return {limits::hook_failures_max, limits::hook_failures_window_ms, limits::hook_lockout_ms, false};
}

std::shared_ptr<const providers::Catalog> catalog_of(Context& context) {
  return std::make_shared<const providers::Catalog>(context.loop, context.outbound, context.loaded->config,
                                                    context.log.logger("providers"));
}

}  // namespace omenia::worker
