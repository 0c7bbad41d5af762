#include "worker/startup.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include "shared/base/fingerprint.h"
#include "shared/base/ids.h"
#include "shared/config/backups.h"
#include "shared/config/paths.h"
#include "shared/tls/own_certificate.h"
#include "worker/config/consumers.h"
#include "worker/config/launch_settings.h"
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

// In token mode without any token one is made for this process alone.
Result<auth::AuthSettings> resolve_auth(const Launch& launch, const LoadedConfig& loaded,
                                        const Environment& environment, bool& made_token) {
  TRY_ASSIGN(const GatewayAuth given, effective_auth(flags_of(launch), environment, loaded));
  TRY(check_exposure(launch.listen, given));
  auth::AuthSettings settings = auth_settings(launch, given);
  made_token = settings.mode == auth::AuthMode::token && settings.secret.empty();
  if (made_token) settings.secret = Secret(random_token());
  return settings;
}

// A limit that the environment may change, for tests that want to see it act; up to `most`.
std::int64_t limit_of(const Environment& environment, std::string_view name, std::int64_t usual, std::int64_t most) {
  const std::string text = product_variable(environment, name).value_or("");
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && number > 0 && number <= most ? number : usual;
}

net::WebSocketOptions web_socket_options(const Environment& environment) {
  const auto bytes = static_cast<std::int64_t>(limits::outbox_bytes_max);
  return {limit_of(environment, "WS_PING_MS", limits::ping_ms, 600'000),
          static_cast<std::size_t>(limit_of(environment, "WS_MAX_BUFFERED_BYTES", bytes, bytes))};
}

std::vector<http::Header> common_headers_of(const Config& config) {
  std::vector<http::Header> headers = {
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Permissions-Policy", "camera=(), microphone=(self), geolocation=()"},
  };
  if (!config.strict_transport_security.empty())
    headers.push_back({"Strict-Transport-Security", config.strict_transport_security});
  return headers;
}

// Made once for each configuration.
std::function<std::shared_ptr<const std::vector<http::Header>>()> common_headers_following(const Context& context) {
  return [&context, of = std::shared_ptr<const LoadedConfig>(),
          headers = std::shared_ptr<const std::vector<http::Header>>()]() mutable {
    if (of != context.loaded)
      headers = std::make_shared<const std::vector<http::Header>>(common_headers_of(context.loaded->config));
    of = context.loaded;
    return headers;
  };
}

Result<void> open_store(Context& context) {
  state::StoreOptions options;
  options.directory = context.launch.state_dir;
  options.loop = &context.loop;
  options.post = [&loop = context.loop](std::function<void()> work) { loop.post(std::move(work)); };
  TRY_ASSIGN(context.store, state::Store::open(std::move(options)));
  TRY_ASSIGN(devices::Identity identity, devices::Identity::open(context.launch.state_dir));
  context.identity = std::make_shared<const devices::Identity>(std::move(identity));
  return {};
}

// Nothing of it is made without the key: it costs memory and time at the start.
Result<void> prepare_tls(Context& context) {
  const Config& config = context.loaded->config;
  if (!config.tls_enabled) return {};
  TlsFiles files = tls_files(config, context.launch.state_dir);
  if (files.made_here) TRY(make_own_certificate(files));
  const Logger log = context.log.logger("gateway/tls");
  TRY_ASSIGN(context.tls, http::TlsAcceptor::open(std::move(files), log));
  log.info("TLS certificate " + context.tls->files().certificate + ", SHA-256 " +
           shown_fingerprint(context.tls->fingerprint()));
  return {};
}

tools::ToolHost tool_host(Context& context) {
  return {context.loop,
          *context.store,
          *context.runs,
          [&context] { return context.config(); },
          [&context] { return context.catalog; },
          [&context](std::string_view text) { return context.log.masked(text); }};
}

std::string degraded_text(const Launch& launch) {
  return launch.config_path + " cannot be used; this gateway runs with the last good copy of it, " +
         last_good_path(launch.config_path) + ". What is wrong: OmeniaClaw config validate";
}

}  // namespace

Result<Beginnings> read_beginnings() {
  TRY_ASSIGN(const std::string document, read_all(launch_descriptor));
  TRY_ASSIGN(Launch launch, Launch::from_json(document));
  const Environment environment = environment_of(launch);
  const std::string config_path = launch.degraded ? last_good_path(launch.config_path) : launch.config_path;
  TRY_ASSIGN(LoadedConfig loaded, load_config(config_path, environment));
  loaded.path = launch.config_path;
  if (!loaded.valid()) return fail(ErrorCode::config_invalid, describe_errors(loaded));
  bool made_token = false;
  TRY_ASSIGN(auth::AuthSettings auth, resolve_auth(launch, loaded, environment, made_token));
  TRY_ASSIGN(LogOptions options, log_options(launch, loaded.config, environment));
  TRY_ASSIGN(Log log, Log::open(std::move(options)));
  const Logger logger = log.logger("gateway");
  if (launch.degraded) logger.error(degraded_text(launch));
  for (const ConfigIssue& warning : loaded.warnings) logger.warn("config: " + warning.path + ": " + warning.message);
  mask_secrets(log, loaded.config, auth);
  if (made_token)
    logger.warn("no gateway token is configured: one was made for this start alone; run OmeniaClaw setup to keep one");
  if (auth.mode == auth::AuthMode::none)
    logger.warn("auth mode=none explicitly configured; all gateway connections are unauthenticated.");
  return Beginnings{std::move(launch), std::move(loaded), std::move(auth), std::move(log)};
}

Result<void> build(Context& context) {
  const Environment environment = process_environment();
  context.handshake_ms_max = limit_of(environment, "HANDSHAKE_TIMEOUT_MS", limits::handshake_ms_max, 600'000);
  context.attempts.set_limits(attempt_limits(context.loaded->config));
  context.hook_attempts.set_limits(hook_attempt_limits());
  TRY(open_store(context));
  context.catalog = catalog_of(context);
  agents::RunsOptions options;
  options.living = context.launch.living_generations;
  options.config = [&context] { return context.config(); };
  options.catalog = [&context] { return context.catalog; };
  context.runs =
      std::make_unique<agents::Runs>(context.loop, *context.store, std::move(options), context.log.logger("agents"));
  context.tools = std::make_unique<tools::ToolHost>(tool_host(context));
  context.runs->observe(context.run_feed);
  context.hub.listen(
      [&context](Event event, std::string_view payload, const std::string& session_key) {
        context.followers.hear(event, payload, session_key);
      },
      [&context] { return !context.followers.empty(); });
  context.runs->observe(context.relay);
  context.runs->observe(context.metrics);
  context.runs->observe(context.stability);
  context.pipeline = std::make_unique<Pipeline>(context);
  TRY(prepare_tls(context));
  http::ServerOptions server_options;
  server_options.tls = context.tls;
  server_options.common_headers = common_headers_following(context);
  context.server = std::make_unique<http::Server>(context.loop, *context.pipeline, std::move(server_options),
                                                  context.log.logger("gateway/http"));
  context.web_sockets = std::make_unique<net::WebSocketEngine>(context.loop, context.log.logger("gateway/ws"),
                                                               web_socket_options(environment));
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
