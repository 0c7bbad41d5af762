#pragma once
// The endpoints that act on the gateway itself: its tools, its sessions, its methods.

#include <memory>

#include "worker/context.h"

namespace omenia::endpoints {

void serve_tools_invoke(worker::Context& context, std::shared_ptr<http::Exchange> exchange);
void serve_session_history(worker::Context& context, std::shared_ptr<http::Exchange> exchange);
void serve_session_kill(worker::Context& context, std::shared_ptr<http::Exchange> exchange);
void serve_admin_rpc(worker::Context& context, std::shared_ptr<http::Exchange> exchange);
http::Response admin_error_response(const Error& error);  // Of a body that was not taken.

}  // namespace omenia::endpoints
