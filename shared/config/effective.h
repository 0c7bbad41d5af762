#pragma once
// Effective settings: flag over environment over configuration over default, decided here once for the commands and the
// worker, each answer with where it came from.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/secret.h"
#include "shared/config/bind.h"
#include "shared/config/load.h"
#include "shared/config/paths.h"
#include "shared/protocol/launch.h"

namespace omenia {

inline constexpr int dev_port = 19001;
inline constexpr std::string_view auth_modes = "none|token|password|trusted-proxy";

enum class Source { cli, env, config, fallback };
std::string_view to_text(Source source);  // "cli", "env", "config", "default"

template <typename T>
struct Setting {
  T value{};
  Source source = Source::fallback;
};

// What `OmeniaClaw gateway` was given; empty: not given. The worker takes them from its Launch.
struct GatewayFlags {
  std::optional<int> port{};
  std::string bind{};
  std::string auth_mode{};
  Secret token{};
  Secret password{};
  bool allow_unconfigured = false;
};

struct GatewayAuth {
  Setting<std::string> mode;  // none, token, password or trusted-proxy.
  Setting<Secret> token;      // Empty in mode token: the caller makes one that lasts for this run.
  Setting<Secret> password;   // Never empty in mode password.

  // The secret of the mode; empty in mode none. With a trusted proxy it is the password, which may be empty: programs
  // of this machine use it.
  const Secret& secret() const;
};

struct GatewaySettings {
  Setting<int> port;
  Setting<std::string> bind;
  std::vector<ListenAddress> listen;
  GatewayAuth auth;
};

// Flag, then OmeniaClaw_GATEWAY_PORT, then 19001 under --dev, then gateway.port. Error: usage for a flag out of range,
// start_blocked for a variable that is no port.
Result<Setting<int>> effective_port(const GatewayFlags& flags, const Environment& environment, const Paths& paths,
                                    const LoadedConfig& loaded);

// Error: usage, for a flag that is no mode.
Result<Setting<std::string>> effective_bind(const GatewayFlags& flags, const LoadedConfig& loaded);

// Credentials: flag, then configuration, then OmeniaClaw_GATEWAY_TOKEN and OmeniaClaw_GATEWAY_PASSWORD. A mode that
// nobody sets is password when there is one, else token; a token given as a flag means token. Error: usage for a flag
// that is no mode; start_blocked for a credential that is none, a password that is missing, and a trusted-proxy without
// its proxies, without its user header, or beside a token.
Result<GatewayAuth> effective_auth(const GatewayFlags& flags, const Environment& environment,
                                   const LoadedConfig& loaded);

// A gateway runs where the configuration says gateway.mode=local, or where --allow-unconfigured was given.
Result<void> check_gateway_mode(const LoadedConfig& loaded, const Paths& paths, bool allow_unconfigured);

// Refuses addresses beyond this machine without a secret or a trusted proxy. Error: start_blocked.
Result<void> check_exposure(const std::vector<ListenAddress>& listen, const GatewayAuth& auth);

// All of the above in the order that the operator should hear about problems: the configuration's own, the mode, the
// credentials, the addresses. `tailnet` is tailnet_address() or a test's.
Result<GatewaySettings> effective_settings(const GatewayFlags& flags, const Environment& environment,
                                           const Paths& paths, const LoadedConfig& loaded,
                                           const std::optional<std::string>& tailnet);

}  // namespace omenia
