#pragma once
// Launch settings: what the flags of this start and the environment make of a configuration. The same for a worker
// that starts and for one that looks at a changed file.

#include <string>
#include <vector>

#include "shared/config/effective.h"
#include "shared/config/load.h"
#include "shared/log/log.h"
#include "shared/protocol/launch.h"
#include "worker/auth/authenticator.h"

namespace omenia::worker {

GatewayFlags flags_of(const Launch& launch);
Paths paths_of(const Launch& launch);

// The process's environment, completed from the .env files as they are now.
Environment environment_of(const Launch& launch);

// All files whose content makes the configuration: itself, what it includes, and the .env files.
std::vector<std::string> watched_files(const Launch& launch, const LoadedConfig& loaded);

// Error: usage, for an OmeniaClaw_LOG_LEVEL that is no level.
Result<LogOptions> log_options(const Launch& launch, const Config& config, const Environment& environment);

// In mode token without a configured one: the token that was made for this run. The secret is empty when there is none.
auth::AuthSettings auth_settings(const Launch& launch, const GatewayAuth& given);

}  // namespace omenia::worker
