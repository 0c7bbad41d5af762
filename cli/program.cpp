// Parse, prepare what the command's row needs, run it.

#include "cli/program.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands/all.h"
#include "cli/failure.h"
#include "cli/help.h"
#include "shared/config/dotenv.h"

namespace omenia::cli {

namespace {

constexpr std::array<std::string_view, 7> log_levels = {"silent", "fatal", "error", "warn", "info", "debug", "trace"};

Result<void> check_log_level(const Arguments& arguments) {
  const std::string level = arguments.value_or("--log-level", "info");
  if (std::find(log_levels.begin(), log_levels.end(), level) != log_levels.end()) return {};
  return fail(
      ErrorCode::usage,
      "Invalid --log-level. Use \"silent\", \"fatal\", \"error\", \"warn\", \"info\", \"debug\", or \"trace\".");
}

// 78 tells a service manager that another start of the gateway cannot help; every other command just fails.
int exit_code_of(const Command& command, int code) {
  constexpr int exit_start_refused = 78;
  return code == exit_start_refused && command.run != run_gateway ? 1 : code;
}

// Prepares paths and configuration; 0, or the exit code of a failure that was told.
int prepare(Context& context, const Command& command, const Arguments& arguments) {
  if (const auto level = check_log_level(arguments); !level.ok()) return complain(context, level.error());
  auto paths = Paths::resolve(context.environment, arguments.value_or("--profile", ""), arguments.flag("--dev"));
  if (!paths.ok()) return complain(context, paths.error());
  context.paths = std::move(paths).value();
  std::error_code ignored;
  context.bare_environment = context.environment;
  context.environment =
      with_dotenv(context.environment, context.paths.state_dir, std::filesystem::current_path(ignored).string());
  if (command.needs == Needs::paths) return 0;
  auto config = load_config(context.paths.config_path, context.environment);
  if (!config.ok()) return complain(context, config.error());
  context.config = std::move(config).value();
  return 0;
}

}  // namespace

int run_program(Context& context, const std::vector<std::string>& words) {
  // Known before the words are read, so that mistakes in them are told in the form that was asked for.
  context.output.json = std::find(words.begin(), words.end(), "--json") != words.end();
  const Result<Invocation> parsed = parse_arguments(words);
  if (!parsed.ok()) return complain(context, parsed.error());
  const auto& [command, arguments] = parsed.value();
  context.output.json = arguments.flag("--json");
  if (arguments.flag("--no-color")) context.output.color = false;
  if (arguments.flag("--version")) {
    context.output.line(version_line());
    return 0;
  }
  if (command == nullptr || command->run == nullptr || arguments.flag("--help")) {
    context.output.text(help_text(command));
    return 0;
  }
  const int failed = prepare(context, *command, arguments);
  return exit_code_of(*command, failed != 0 ? failed : command->run(context, arguments));
}

}  // namespace omenia::cli
