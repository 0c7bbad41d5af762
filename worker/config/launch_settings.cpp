#include "worker/config/launch_settings.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "shared/config/dotenv.h"

namespace omenia::worker {

namespace {

std::string working_folder() {
  std::error_code ignored;
  return std::filesystem::current_path(ignored).string();
}

auth::AuthMode mode_of(const std::string& name) {
  if (name == "none") return auth::AuthMode::none;
  if (name == "trusted-proxy") return auth::AuthMode::trusted_proxy;
  return name == "password" ? auth::AuthMode::password : auth::AuthMode::token;
}

}  // namespace

GatewayFlags flags_of(const Launch& launch) {
  GatewayFlags flags;
  if (launch.port_flag != 0) flags.port = launch.port_flag;
  flags.bind = launch.bind_flag;
  flags.auth_mode = launch.auth_mode;
  if (!launch.token_is_made) flags.token = launch.token;
  flags.password = launch.password;
  flags.allow_unconfigured = launch.allow_unconfigured;
  return flags;
}

Paths paths_of(const Launch& launch) {
  Paths paths;
  paths.profile = launch.profile;
  paths.state_dir = launch.state_dir;
  paths.config_path = launch.config_path;
  paths.dev = launch.profile == "dev";
  return paths;
}

Environment environment_of(const Launch& launch) {
  return with_dotenv(process_environment(), launch.state_dir, working_folder());
}

std::vector<std::string> watched_files(const Launch& launch, const LoadedConfig& loaded) {
  std::vector<std::string> files = loaded.files;
  if (files.empty()) files.push_back(launch.config_path);
  files.push_back(launch.state_dir + "/.env");
  const std::string folder = working_folder();
  if (!folder.empty() && folder != launch.state_dir) files.push_back(folder == "/" ? "/.env" : folder + "/.env");
  return files;
}

Result<LogOptions> log_options(const Launch& launch, const Config& config, const Environment& environment) {
  const auto asked = product_variable(environment, "LOG_LEVEL");
  LogOptions options;
  options.file = config.log_file.empty() ? launch.log_file : config.log_file;
  TRY_ASSIGN(options.file_level, parse_log_level(asked.value_or(config.log_level)));
  TRY_ASSIGN(options.console_level, parse_log_level(launch.verbose ? "debug" : asked.value_or(config.console_level)));
  options.console_json = config.console_style == "json";
  options.file_bytes_max = static_cast<std::size_t>(config.log_file_bytes_max);
  return options;
}

auth::AuthSettings auth_settings(const Launch& launch, const GatewayAuth& given) {
  auth::AuthSettings settings{mode_of(given.mode.value), given.secret()};
  const bool lacks_token = settings.mode == auth::AuthMode::token && settings.secret.empty();
  if (lacks_token && launch.token_is_made) settings.secret = launch.token;
  return settings;
}

}  // namespace omenia::worker
