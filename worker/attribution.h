#pragma once
// Attribution: who is at the other end of a request, with what the configuration says about proxies.

#include "shared/config/config.h"
#include "worker/auth/attempts.h"
#include "worker/auth/trusted_proxy.h"
#include "worker/http/message.h"

namespace omenia::worker {

auth::ProxyRules proxy_rules(const Config& config);

auth::Attribution attribution_of(const http::Request& head, const Config& config);

// Whom a trusted proxy vouches for, whatever the mode of authentication.
auth::Voucher voucher_of(const http::Request& head, const Config& config);

// A program of this machine that has come without a proxy.
bool is_direct_local(const http::Request& head, const Config& config);

// Who is counted for wrong credentials: a page by its origin, wherever it runs.
auth::Caller caller_of(const http::Request& head, const Config& config);

}  // namespace omenia::worker
