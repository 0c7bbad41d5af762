#pragma once
// Handshake: is a request to upgrade complete and one for a WebSocket? Nothing else is ever upgraded to.

#include <optional>

#include "worker/http/message.h"

namespace omenia::http {

// The refusal of an upgrade that RFC 6455 does not allow; nothing when it is complete.
std::optional<Response> check_upgrade(const Request& head, bool has_body);

}  // namespace omenia::http
