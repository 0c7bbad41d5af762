// Precedence: --url, then the environment's URL, then --port, then the configuration's mode. Each way of naming a
// gateway has its own credentials, so that a token never travels to an address it was not meant for.

#include "cli/target.h"

#include <algorithm>
#include <charconv>

namespace omenia::cli {

namespace {

constexpr int remote_port = 18789;  // Of a URL without a port.

Secret first_of(std::initializer_list<Secret> candidates) {
  for (const Secret& candidate : candidates)
    if (!candidate.empty()) return candidate;
  return Secret();
}

Secret flag_secret(const Arguments& arguments, std::string_view name) {
  return Secret(arguments.value_or(name, ""));
}

Secret variable_secret(const Environment& environment, std::string_view name) {
  return Secret(product_variable(environment, name).value_or(""));
}

Result<Target> target_at(const std::string& url, std::string source) {
  TRY_ASSIGN(Address address, parse_gateway_url(url));
  Target target;
  target.url = url;
  target.host = address.host;
  target.port = address.port;
  target.path = address.path;
  target.tls = address.tls;
  target.source = std::move(source);
  return target;
}

Error missing_explicit_credentials() {
  return fail(ErrorCode::usage,
              "gateway url override requires explicit credentials\n"
              "Fix: pass --token or --password together with --url.\n"
              "Fix: or leave --url out to use the configured gateway and its credentials.");
}

Result<Target> explicit_target(const Arguments& arguments, const std::string& url) {
  if (arguments.flag("--port")) return fail(ErrorCode::usage, "Use either --url or --port, not both.");
  TRY_ASSIGN(Target target, target_at(url, "cli --url"));
  target.token = flag_secret(arguments, "--token");
  target.password = flag_secret(arguments, "--password");
  if (!target.has_credentials()) return missing_explicit_credentials();
  return target;
}

Result<Target> environment_target(const Arguments& arguments, const Environment& environment, const std::string& url) {
  TRY_ASSIGN(Target target, target_at(url, "env OmeniaClaw_GATEWAY_URL"));
  target.token = first_of({flag_secret(arguments, "--token"), variable_secret(environment, "GATEWAY_TOKEN")});
  target.password = first_of({flag_secret(arguments, "--password"), variable_secret(environment, "GATEWAY_PASSWORD")});
  return target;
}

Result<Target> remote_target(const Arguments& arguments, const Config& config, const Environment& environment) {
  if (config.remote_url.empty()) {
    return fail(ErrorCode::usage,
                "gateway.mode is \"remote\" but gateway.remote.url is not set.\n"
                "Fix: OmeniaClaw config set gateway.remote.url ws://<host>:18789");
  }
  TRY_ASSIGN(Target target, target_at(config.remote_url, std::string(remote_source)));
  target.token = first_of({flag_secret(arguments, "--token"), config.remote_token,
                           variable_secret(environment, "GATEWAY_TOKEN"), config.gateway_auth_token});
  target.password = first_of({flag_secret(arguments, "--password"), variable_secret(environment, "GATEWAY_PASSWORD"),
                              config.remote_password, config.gateway_auth_password});
  return target;
}

Result<Target> local_target(const Arguments& arguments, const Config& config, const Environment& environment,
                            int port) {
  const std::string scheme = config.tls_enabled ? "wss://" : "ws://";
  TRY_ASSIGN(Target target, target_at(scheme + "127.0.0.1:" + std::to_string(port), "local loopback"));
  target.bind = config.gateway_bind;
  target.open = config.gateway_auth_mode == "none";
  target.token = first_of({flag_secret(arguments, "--token"), config.gateway_auth_token,
                           variable_secret(environment, "GATEWAY_TOKEN"), config.remote_token});
  target.password = first_of({flag_secret(arguments, "--password"), config.gateway_auth_password,
                              variable_secret(environment, "GATEWAY_PASSWORD"), config.remote_password});
  return target;
}

Result<int> port_of(std::string_view text, const std::string& url) {
  int port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535)
    return fail(ErrorCode::usage, "The gateway URL " + url + " has no usable port.");
  return port;
}

// "host", "host:port", "[v6]", "[v6]:port"
Result<Address> address_of(std::string_view authority, const std::string& url) {
  Address address;
  address.port = remote_port;
  const bool bracketed = authority.starts_with('[');
  const std::size_t host_end = authority.find(bracketed ? ']' : ':');
  address.host = authority.substr(bracketed ? 1 : 0, host_end - (bracketed ? 1 : 0));
  std::string_view rest = host_end == std::string_view::npos ? "" : authority.substr(host_end + (bracketed ? 1 : 0));
  const bool misplaced = (bracketed && host_end == std::string_view::npos) || (!rest.empty() && rest[0] != ':');
  if (address.host.empty() || misplaced) return fail(ErrorCode::usage, "The gateway URL names no host: " + url);
  if (rest.empty()) return address;
  TRY_ASSIGN(address.port, port_of(rest.substr(1), url));
  return address;
}

}  // namespace

Result<Target> resolve_target(const Arguments& arguments, const Config& config, const Environment& environment,
                              int local_port) {
  if (const auto url = arguments.value("--url")) return explicit_target(arguments, *url);
  TRY_ASSIGN(const std::optional<int> port, arguments.port());
  if (port) return local_target(arguments, config, environment, *port);
  if (const auto url = product_variable(environment, "GATEWAY_URL"))
    return environment_target(arguments, environment, *url);
  if (config.gateway_mode == "remote") return remote_target(arguments, config, environment);
  return local_target(arguments, config, environment, local_port);
}

Result<Target> resolve_native_target(const Arguments& arguments, const Config& config, const Environment& environment,
                                     int local_port) {
  if (const auto url = arguments.value("--url")) return explicit_target(arguments, *url);
  TRY_ASSIGN(const std::optional<int> port, arguments.port());
  return local_target(arguments, config, environment, port.value_or(local_port));
}

Result<Address> parse_gateway_url(const std::string& url) {
  std::string_view rest = url;
  const bool tls = rest.starts_with("wss://");
  if (!tls && !rest.starts_with("ws://"))
    return fail(ErrorCode::usage, "The gateway URL must start with ws:// or wss://: " + url);
  rest.remove_prefix(tls ? 6 : 5);
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string_view authority = rest.substr(0, end);
  if (authority.find('@') != std::string_view::npos)
    return fail(ErrorCode::usage,
                "The gateway URL must not contain a user name or password; use --token or --password.");
  TRY_ASSIGN(Address address, address_of(authority, url));
  address.tls = tls;
  address.path = rest.substr(end);
  if (!address.path.starts_with('/')) address.path.insert(0, "/");
  return address;
}

}  // namespace omenia::cli
