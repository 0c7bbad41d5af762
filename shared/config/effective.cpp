#include "shared/config/effective.h"

#include <algorithm>
#include <charconv>

#include "shared/config/rules.h"

namespace omenia {

namespace {

constexpr int port_max = 65535;
constexpr std::string_view port_hint = "Use a port number from 1 to 65535, for example 18789.";

bool is_port(int port) {
  return port >= 1 && port <= port_max;
}

Result<int> port_from(const std::string& text) {
  int port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem == std::errc() && end == text.data() + text.size() && is_port(port)) return port;
  return fail(ErrorCode::start_blocked, "Invalid OmeniaClaw_GATEWAY_PORT. " + std::string(port_hint));
}

// `"a", "b", or "c"` of "a|b|c".
std::string choices(std::string_view values) {
  std::string text;
  while (!values.empty()) {
    const std::size_t length = std::min(values.find('|'), values.size());
    if (!text.empty()) text += length == values.size() ? ", or " : ", ";
    text += "\"" + std::string(values.substr(0, length)) + "\"";
    values.remove_prefix(std::min(length + 1, values.size()));
  }
  return text;
}

Result<void> check_choice(std::string_view flag, std::string_view value, std::string_view values) {
  if (value.empty() || !problem_of(key_rules::one_of(values), value)) return {};
  return fail(ErrorCode::usage, "Invalid " + std::string(flag) + ". Use " + choices(values) + ".");
}

// Where one of the gateway's own credentials may come from.
struct CredentialPlaces {
  std::string_view flag;
  std::string_view key;  // Under gateway.auth.
  std::string_view variable;
};

constexpr CredentialPlaces token_places{"--token", "token", "GATEWAY_TOKEN"};
constexpr CredentialPlaces password_places{"--password", "password", "GATEWAY_PASSWORD"};

Result<void> check_credential(const std::string& origin, const Secret& secret, ErrorCode code) {
  const auto problem = credential_problem(secret.reveal());
  if (!problem) return {};
  return fail(code, origin + ": " + *problem);
}

Result<Setting<Secret>> effective_credential(const CredentialPlaces& places, const Secret& given,
                                             const Secret& configured, const Environment& environment,
                                             const LoadedConfig& loaded) {
  if (!given.empty()) {
    TRY(check_credential(std::string(places.flag), given, ErrorCode::usage));
    return Setting<Secret>{given, Source::cli};
  }
  if (!configured.empty()) return Setting<Secret>{configured, Source::config};
  if (find(loaded.source, {"gateway", "auth", std::string(places.key)}).is_object())
    return fail(ErrorCode::start_blocked,
                "gateway.auth." + std::string(places.key) + " refers to an environment variable that is not set");
  if (auto value = product_variable(environment, places.variable)) {
    Secret secret(std::move(*value));
    TRY(check_credential("OmeniaClaw_" + std::string(places.variable), secret, ErrorCode::start_blocked));
    return Setting<Secret>{std::move(secret), Source::env};
  }
  return Setting<Secret>{};
}

Setting<std::string> effective_mode(const GatewayFlags& flags, const Config& config, const GatewayAuth& auth) {
  if (!flags.auth_mode.empty()) return {flags.auth_mode, Source::cli};
  if (!config.gateway_auth_mode.empty()) return {config.gateway_auth_mode, Source::config};
  const bool only_token_asked = auth.token.source == Source::cli && auth.password.source != Source::cli;
  if (auth.password.value.empty() || only_token_asked) return {"token", Source::fallback};
  return {"password", Source::fallback};
}

// A token beside it would be a second way in that nobody watches.
Result<void> check_trusted_proxy(const Config& config, const GatewayAuth& auth) {
  const std::string mode = "gateway auth mode=trusted-proxy ";
  if (config.trusted_proxies.empty())
    return fail(ErrorCode::start_blocked,
                mode + "requires gateway.trustedProxies to be configured with at least one proxy IP");
  if (config.trusted_proxy_user_header.empty())
    return fail(ErrorCode::start_blocked, mode +
                                              "requires gateway.auth.trustedProxy.userHeader: the header in which "
                                              "the proxy names the user");
  if (!auth.token.value.empty())
    return fail(ErrorCode::start_blocked, mode +
                                              "excludes a token: remove gateway.auth.token and "
                                              "OmeniaClaw_GATEWAY_TOKEN; programs of this machine may use "
                                              "gateway.auth.password");
  return {};
}

}  // namespace

std::string_view to_text(Source source) {
  switch (source) {
    case Source::cli: return "cli";
    case Source::env: return "env";
    case Source::config: return "config";
    case Source::fallback: return "default";
  }
  return "";
}

const Secret& GatewayAuth::secret() const {
  static const Secret nothing;
  if (mode.value == "none") return nothing;
  return mode.value == "token" ? token.value : password.value;
}

Result<Setting<int>> effective_port(const GatewayFlags& flags, const Environment& environment, const Paths& paths,
                                    const LoadedConfig& loaded) {
  if (flags.port) {
    if (!is_port(*flags.port)) return fail(ErrorCode::usage, "Invalid --port. " + std::string(port_hint));
    return Setting<int>{*flags.port, Source::cli};
  }
  if (const auto text = product_variable(environment, "GATEWAY_PORT")) {
    TRY_ASSIGN(const int port, port_from(*text));
    return Setting<int>{port, Source::env};
  }
  if (paths.dev) return Setting<int>{dev_port, Source::fallback};
  const bool configured = bool(find(loaded.source, {"gateway", "port"}));
  return Setting<int>{static_cast<int>(loaded.config.gateway_port), configured ? Source::config : Source::fallback};
}

Result<Setting<std::string>> effective_bind(const GatewayFlags& flags, const LoadedConfig& loaded) {
  TRY(check_choice("--bind", flags.bind, bind_modes));
  if (!flags.bind.empty()) return Setting<std::string>{flags.bind, Source::cli};
  const bool configured = bool(find(loaded.source, {"gateway", "bind"}));
  return Setting<std::string>{loaded.config.gateway_bind, configured ? Source::config : Source::fallback};
}

Result<GatewayAuth> effective_auth(const GatewayFlags& flags, const Environment& environment,
                                   const LoadedConfig& loaded) {
  TRY(check_choice("--auth", flags.auth_mode, auth_modes));
  const Config& config = loaded.config;
  GatewayAuth auth;
  TRY_ASSIGN(auth.token,
             effective_credential(token_places, flags.token, config.gateway_auth_token, environment, loaded));
  TRY_ASSIGN(auth.password,
             effective_credential(password_places, flags.password, config.gateway_auth_password, environment, loaded));
  auth.mode = effective_mode(flags, config, auth);
  if (auth.mode.value == "trusted-proxy") TRY(check_trusted_proxy(config, auth));
  if (auth.mode.value == "password" && auth.password.value.empty())
    return fail(ErrorCode::start_blocked,
                "Gateway auth is set to password, but no password is configured.\n"
                "Set gateway.auth.password (or OmeniaClaw_GATEWAY_PASSWORD), or pass --password.");
  return auth;
}

Result<void> check_gateway_mode(const LoadedConfig& loaded, const Paths& paths, bool allow_unconfigured) {
  if (allow_unconfigured || loaded.config.gateway_mode == "local") return {};
  if (!loaded.exists)
    return fail(ErrorCode::start_blocked, "Missing config. Run `" + paths.command("setup") +
                                              "` or set gateway.mode=local (or pass --allow-unconfigured).");
  if (loaded.config.gateway_mode == "remote")
    return fail(ErrorCode::start_blocked,
                "Gateway start blocked: set gateway.mode=local (current: remote) or pass --allow-unconfigured.");
  return fail(ErrorCode::start_blocked,
              "Gateway start blocked: set gateway.mode=local (" + loaded.path +
                  " has no gateway.mode, so it may be damaged or overwritten: look at it first) or pass "
                  "--allow-unconfigured.");
}

Result<void> check_exposure(const std::vector<ListenAddress>& listen, const GatewayAuth& auth) {
  if (!auth.secret().empty() || auth.mode.value == "trusted-proxy") return {};
  const auto exposed = std::find_if(listen.begin(), listen.end(),
                                    [](const ListenAddress& address) { return !is_loopback(address.host); });
  if (exposed == listen.end()) return {};
  return fail(ErrorCode::start_blocked, "refusing to bind gateway to " + exposed->host + ":" +
                                            std::to_string(exposed->port) +
                                            " without auth (set gateway.auth.token/password, or set "
                                            "OmeniaClaw_GATEWAY_TOKEN/OmeniaClaw_GATEWAY_PASSWORD)");
}

Result<GatewaySettings> effective_settings(const GatewayFlags& flags, const Environment& environment,
                                           const Paths& paths, const LoadedConfig& loaded,
                                           const std::optional<std::string>& tailnet) {
  if (!loaded.valid()) return fail(ErrorCode::config_invalid, "Gateway failed to start: " + describe_errors(loaded));
  TRY(check_gateway_mode(loaded, paths, flags.allow_unconfigured));
  GatewaySettings settings;
  TRY_ASSIGN(settings.auth, effective_auth(flags, environment, loaded));
  TRY_ASSIGN(settings.port, effective_port(flags, environment, paths, loaded));
  TRY_ASSIGN(settings.bind, effective_bind(flags, loaded));
  TRY_ASSIGN(settings.listen, listen_addresses(settings.bind.value, settings.port.value,
                                               {loaded.config.gateway_custom_bind_host, tailnet}));
  TRY(check_exposure(settings.listen, settings.auth));
  return settings;
}

}  // namespace omenia
