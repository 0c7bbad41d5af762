#include "worker/startup.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include "shared/base/ids.h"
#include "shared/config/paths.h"
#include "worker/pipeline.h"

namespace omenia::worker {

namespace {

Result<std::string> read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  off_t offset = 0;
  while (true) {
    const ssize_t got = ::pread(descriptor, buffer, sizeof buffer, offset);
    if (got < 0)
      return fail(ErrorCode::system, "the launch document cannot be read; start the gateway with OmeniaClaw gateway");
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    offset += got;
  }
}

Result<Log> open_log(const Launch& launch, const Config& config) {
  LogOptions options;
  options.file = launch.log_file;
  TRY_ASSIGN(options.file_level, parse_log_level(config.log_level));
  TRY_ASSIGN(options.console_level, parse_log_level(launch.verbose ? "debug" : config.console_level));
  options.console_json = config.console_style == "json";
  options.file_bytes_max = static_cast<std::size_t>(config.log_file_bytes_max);
  return Log::open(std::move(options));
}

Secret first_of(std::initializer_list<const Secret*> candidates) {
  for (const Secret* candidate : candidates)
    if (!candidate->empty()) return *candidate;
  return {};
}

std::int64_t handshake_ms(const Environment& environment) {
  const std::string text = product_variable(environment, "HANDSHAKE_TIMEOUT_MS").value_or("");
  std::int64_t ms = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), ms);
  return read.ec == std::errc() && ms > 0 && ms <= 600'000 ? ms : limits::handshake_ms_max;
}

std::vector<http::Header> common_headers(const Config& config) {
  std::vector<http::Header> headers = {
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Permissions-Policy", "camera=(), microphone=(self), geolocation=()"},
  };
  if (!config.strict_transport_security.empty())
    headers.push_back({"Strict-Transport-Security", config.strict_transport_security});
  return headers;
}

Result<void> open_store(Context& context) {
  state::StoreOptions options;
  options.directory = context.launch.state_dir;
  options.post = [&loop = context.loop](std::function<void()> work) { loop.post(std::move(work)); };
  TRY_ASSIGN(context.store, state::Store::open(std::move(options)));
  return {};
}

}  // namespace

Result<auth::AuthSettings> resolve_auth(const Launch& launch, const Config& config, const Environment& environment,
                                        bool& made_token) {
  const Secret env_token(product_variable(environment, "GATEWAY_TOKEN").value_or(""));
  const Secret env_password(product_variable(environment, "GATEWAY_PASSWORD").value_or(""));
  const Secret token = first_of({&launch.token, &config.gateway_auth_token, &env_token});
  const Secret password = first_of({&launch.password, &config.gateway_auth_password, &env_password});
  std::string mode = launch.auth_mode.empty() ? config.gateway_auth_mode : launch.auth_mode;
  if (mode.empty()) mode = !password.empty() && token.empty() ? "password" : "token";
  if (mode == "none") return auth::AuthSettings{auth::AuthMode::none, {}};
  if (mode == "trusted-proxy")
    return fail(ErrorCode::start_blocked, "gateway.auth.mode trusted-proxy is not available in this release");
  if (mode == "password") {
    if (password.empty())
      return fail(ErrorCode::start_blocked,
                  "Gateway auth is set to password, but no password is configured. Set gateway.auth.password or "
                  "OmeniaClaw_GATEWAY_PASSWORD.");
    return auth::AuthSettings{auth::AuthMode::password, password};
  }
  made_token = token.empty();
  return auth::AuthSettings{auth::AuthMode::token, made_token ? Secret(random_token()) : token};
}

Result<Beginnings> read_beginnings() {
  TRY_ASSIGN(const std::string document, read_all(launch_descriptor));
  TRY_ASSIGN(Launch launch, Launch::from_json(document));
  const Environment environment = process_environment();
  TRY_ASSIGN(LoadedConfig loaded, load_config(launch.config_path, environment));
  if (!loaded.valid()) return fail(ErrorCode::config_invalid, describe_errors(loaded));
  bool made_token = false;
  TRY_ASSIGN(auth::AuthSettings auth, resolve_auth(launch, loaded.config, environment, made_token));
  TRY_ASSIGN(Log log, open_log(launch, loaded.config));
  const Logger logger = log.logger("gateway");
  for (const ConfigIssue& warning : loaded.warnings) logger.warn("config: " + warning.path + ": " + warning.message);
  if (!auth.secret.empty()) log.mask(auth.secret.reveal());
  for (const ProviderConfig& provider : loaded.config.providers)
    if (!provider.api_key.empty()) log.mask(provider.api_key.reveal());
  if (made_token)
    logger.warn("no gateway token is configured: one was made for this start alone; run OmeniaClaw setup to keep one");
  if (auth.mode == auth::AuthMode::none)
    logger.warn("auth mode=none explicitly configured; all gateway connections are unauthenticated.");
  return Beginnings{std::move(launch), std::move(loaded), std::move(auth), std::move(log)};
}

Result<void> build(Context& context) {
  context.handshake_ms_max = handshake_ms(process_environment());
  const Config& config = context.loaded->config;
  context.attempts.set_limits(
      {config.auth_attempts_max, config.auth_window_ms, config.auth_lockout_ms, config.auth_exempt_loopback});
  TRY(open_store(context));
  context.catalog = std::make_shared<const providers::Catalog>(context.loop, context.outbound, config,
                                                               context.log.logger("providers"));
  agents::RunsOptions options;
  options.generation = context.generation;
  options.config = [&context] { return context.config(); };
  options.catalog = [&context] { return context.catalog; };
  context.runs =
      std::make_unique<agents::Runs>(context.loop, *context.store, std::move(options), context.log.logger("agents"));
  context.runs->observe(context.run_feed);
  context.pipeline = std::make_unique<Pipeline>(context);
  http::ServerOptions server_options;
  server_options.common_headers = [&context] { return common_headers(context.loaded->config); };
  context.server = std::make_unique<http::Server>(context.loop, *context.pipeline, std::move(server_options),
                                                  context.log.logger("gateway/http"));
  context.web_sockets = std::make_unique<net::WebSocketEngine>(context.loop, context.log.logger("gateway/ws"));
  context.health.start();
  context.tick.start_repeating(limits::tick_ms);
  return {};
}

void listen_on_inherited(Context& context) {
  for (std::size_t i = 0; i < context.launch.listen.size(); ++i) {
    const int descriptor = first_listen_descriptor + static_cast<int>(i);
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    context.server->listen(Fd(descriptor));
  }
}

}  // namespace omenia::worker
