// gateway run: decides everything about a start, then becomes the supervisor. Refusals come before anything is opened
// or written.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "cli/commands/all.h"
#include "cli/failure.h"
#include "cli/settings.h"
#include "shared/base/folders.h"
#include "shared/base/ids.h"
#include "shared/base/version.h"
#include "shared/config/effective.h"
#include "shared/os/document.h"
#include "shared/os/executable.h"
#include "shared/os/passed_sockets.h"
#include "shared/protocol/launch.h"

namespace omenia::cli {

namespace {

constexpr mode_t private_mask = 077;

Result<Secret> password_from(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (!file || !std::getline(file, text) || text.empty())
    return fail(ErrorCode::usage, "The password file " + path + " cannot be read or its first line is empty.");
  if (text.ends_with('\r')) text.pop_back();
  return Secret(text);
}

Result<GatewayFlags> flags_of(Context& context, const Arguments& arguments) {
  GatewayFlags flags;
  TRY_ASSIGN(flags.port, arguments.port());
  flags.bind = arguments.value_or("--bind", "");
  flags.auth_mode = arguments.value_or("--auth", "");
  flags.token = Secret(arguments.value_or("--token", ""));
  flags.password = Secret(arguments.value_or("--password", ""));
  flags.allow_unconfigured = arguments.flag("--allow-unconfigured");
  const auto file = arguments.value("--password-file");
  if (file && arguments.flag("--password")) return fail(ErrorCode::usage, "Use either --password or --password-file.");
  if (file) {
    TRY_ASSIGN(flags.password, password_from(*file));
  }
  if (arguments.flag("--password"))
    context.output.note("Warning: --password is visible in process listings; --password-file is not.");
  return flags;
}

// Token mode works without a configured token, for this run only.
Secret run_token(Context& context, const GatewayFlags& flags, const GatewayAuth& auth, bool announced) {
  if (auth.mode.value != "token" || !auth.token.value.empty()) return flags.token;
  if (!announced) {
    context.output.note(
        "No gateway token is configured: one was made for this run, the next start makes another.\n"
        "Keep one with: " +
        context.paths.command("setup"));
  }
  return Secret(random_token());
}

Result<Launch> launch_of(Context& context, const Arguments& arguments) {
  TRY_ASSIGN(const GatewayFlags flags, flags_of(context, arguments));
  TRY_ASSIGN(const GatewaySettings settings,
             effective_settings(flags, context.environment, context.paths, context.config, tailnet_address()));
  TRY_ASSIGN(const std::string own_directory, directory_of_executable());
  Launch launch;
  launch.version = version;
  launch.config_path = context.paths.config_path;
  launch.state_dir = context.paths.state_dir;
  launch.profile = context.paths.profile;
  launch.bind_mode = settings.bind.value;
  launch.log_file = log_file_of(context);
  launch.worker_path = own_directory + "/../libexec/OmeniaClaw/OmeniaClaw-worker";
  launch.listen = settings.listen;
  launch.port_flag = flags.port.value_or(0);
  launch.bind_flag = flags.bind;
  launch.auth_mode = flags.auth_mode;
  launch.announce = arguments.flag("--announce");
  launch.token = run_token(context, flags, settings.auth, launch.announce);
  launch.token_is_made = flags.token.empty() && !launch.token.empty();
  launch.password = flags.password;
  launch.verbose = arguments.flag("--verbose");
  launch.allow_unconfigured = flags.allow_unconfigured;
  if (settings.auth.mode.value == "none")
    context.output.note("auth mode=none explicitly configured; all gateway connections are unauthenticated.");
  return launch;
}

Result<void> make_state_dir(const std::string& path) {
  make_private_folders(path);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || ::access(path.c_str(), W_OK | X_OK) != 0)
    return fail(ErrorCode::system, "The state directory " + path + " cannot be used: " + std::strerror(errno));
  return {};
}

// Returns only when the supervisor could not be started.
Error become_supervisor(const Launch& launch, bool by_force) {
  Result<Fd> document = document_of(launch.to_json());
  if (!document.ok()) return document.error();
  // dup2 onto itself would keep the close-on-exec flag, so the copy is made from a higher number.
  const Fd source(::fcntl(document.value().get(), F_DUPFD_CLOEXEC,
                          std::max(first_listen_descriptor, first_moved_descriptor + passed_sockets())));
  move_passed_sockets();
  if (!source.valid() || ::dup2(source.get(), launch_descriptor) < 0)
    return fail(ErrorCode::system, std::string("The start could not be handed over: ") + std::strerror(errno));
  const std::string program = launch.worker_path.substr(0, launch.worker_path.rfind('/')) + "/OmeniaClaw-supervisor";
  ::execl(program.c_str(), "OmeniaClaw-supervisor", by_force ? "--force" : nullptr, static_cast<char*>(nullptr));
  return fail(ErrorCode::system, "The supervisor " + program + " could not be started: " + std::strerror(errno));
}

}  // namespace

int run_gateway(Context& context, const Arguments& arguments) {
  const Result<Launch> launch = launch_of(context, arguments);
  if (!launch.ok()) return complain(context, launch.error());
  ::umask(private_mask);
  const Result<void> made = make_state_dir(launch.value().state_dir);
  if (!made.ok()) return complain(context, made.error());
  if (const auto level = arguments.value("--log-level")) ::setenv("OmeniaClaw_LOG_LEVEL", level->c_str(), 1);
  std::fflush(nullptr);
  return complain(context, become_supervisor(launch.value(), arguments.flag("--force")));
}

}  // namespace omenia::cli
