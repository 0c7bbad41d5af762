#pragma once
// Hooks: POST requests of other machines below hooks.path that wake an agent or give it something to do. Who sends them
// shows the token of hooks and nothing else; what they say is from outside, and is told to the agent as such.

#include <memory>
#include <optional>

#include "worker/context.h"

namespace omenia::hooks {

// From the head alone: may it be sent? Nothing: its body is read.
std::optional<http::Admission> look(worker::Context& context, const http::Request& head);

void serve(worker::Context& context, std::shared_ptr<http::Exchange> exchange);

http::Response refusal(int status, std::string_view text);  // {"ok":false,"error":"..."}
http::Response refusal_of(const Error& error);              // With the status of the error's row.

}  // namespace omenia::hooks
