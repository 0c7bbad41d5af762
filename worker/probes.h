#pragma once
// Probes: is it alive, ready, started? For service managers, load balancers and the command line.

#include <memory>

#include "worker/context.h"

namespace omenia::worker {

void serve_health(Context& context, std::shared_ptr<http::Exchange> exchange);
void serve_ready(Context& context, std::shared_ptr<http::Exchange> exchange);
void serve_startup(Context& context, std::shared_ptr<http::Exchange> exchange);

}  // namespace omenia::worker
