#pragma once
// Bind: which addresses a bind mode listens on.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/protocol/launch.h"

namespace omenia {

inline constexpr std::string_view bind_modes = "loopback|lan|tailnet|auto|custom";

// What the machine's interfaces and the configuration give for the modes that need it.
struct BindHosts {
  std::string custom;                  // gateway.customBindHost; may be empty.
  std::optional<std::string> tailnet;  // This machine's address in the tailnet.
};

// The tailnet, like a custom address, is served together with 127.0.0.1, so that commands here always reach the
// gateway. Error: start_blocked, for a mode whose address is missing.
Result<std::vector<ListenAddress>> listen_addresses(std::string_view bind_mode, int port, const BindHosts& hosts);

std::optional<std::string> tailnet_address();  // The first interface address in 100.64.0.0/10.

bool is_loopback(std::string_view host);  // 127.0.0.0/8

}  // namespace omenia
