#pragma once
// Revocation: what an operator takes away ends the connections that had it, at once.

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "worker/auth/role.h"

namespace omenia::worker {

struct Context;

// Closes the device's connections with 4001 and "client invalidated: <reason>"; `role` absent: of every role. One that
// is `answering` has asked for this itself and gets its answer first.
void close_device(Context& context, const std::string& device_id, std::optional<auth::Role> role,
                  std::string_view reason, const std::string& answering);

std::set<std::string> connected_devices(const Context& context);

}  // namespace omenia::worker
