#pragma once
// Consumers: what parts of the worker take from the configuration, for a start and for every change after it. Parts
// that ask Context::config() each time need nothing here.

#include <memory>

#include "shared/config/config.h"
#include "shared/log/log.h"
#include "worker/auth/attempts.h"
#include "worker/auth/authenticator.h"
#include "worker/providers/catalog.h"

namespace omenia::worker {

struct Context;

void mask_secrets(Log& log, const Config& config, const auth::AuthSettings& auth);
auth::AttemptLimits attempt_limits(const Config& config);
auth::AttemptLimits hook_attempt_limits();  // Fixed ones: machines send webhooks, and no operator can lock himself out.
std::shared_ptr<const providers::Catalog> catalog_of(Context& context);

}  // namespace omenia::worker
