#include "supervisor/startup.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "shared/base/fd.h"
#include "shared/base/limits.h"
#include "shared/base/version.h"
#include "shared/os/document.h"
#include "supervisor/health_probe.h"

namespace omenia::supervisor {

namespace {
// It writes whom it has started into the environment, which is inherited on; only the first one is meant.
bool is_started_by_systemd() {
  const char* pid = std::getenv("SYSTEMD_EXEC_PID");
  return pid && pid == std::to_string(::getpid());
}
}  // namespace

int answer_arguments(const std::vector<std::string_view>& arguments) {
  if (arguments.size() == 1 && arguments.front() == "--version") {
    std::printf("OmeniaClaw-supervisor %s (%s)\n", version, commit);
    return 0;
  }
  std::fputs(
      "OmeniaClaw-supervisor takes no arguments but --version; the gateway is started with: OmeniaClaw gateway run\n",
      stderr);
  return row_of(ErrorCode::usage).exit_code;
}

Result<Launch> read_launch() {
  const Fd document(launch_descriptor);
  const auto text = read_document(document.get(), limits::launch_document_bytes_max);
  if (!text.ok())
    return fail(ErrorCode::usage, "no launch document (" + text.error().message +
                                      "); the gateway is started with: OmeniaClaw gateway run");
  return Launch::from_json(text.value());
}

Result<Log> open_log(const Launch& launch) {
  LogOptions options;
  options.file = launch.log_file;
  options.queue_lines_max = limits::supervisor_log_queue_lines_max;
  if (launch.verbose) options.console_level = LogLevel::debug;
  auto log = Log::open(options);
  std::string problem;
  if (!log.ok() && !options.file.empty()) {
    problem = log.error().message;
    options.file.clear();
    log = Log::open(options);
  }
  if (!log.ok()) return log;
  if (!problem.empty()) log.value().logger("supervisor").warn(problem + "; logging to the terminal only");
  log.value().mask(launch.token.reveal());
  log.value().mask(launch.password.reveal());
  return log;
}

Result<std::vector<Listener>> claim_port(const Launch& launch) {
  auto listeners = open_listeners(launch.listen);
  const bool taken = !listeners.ok() && listeners.error().code == ErrorCode::port_in_use;
  if (!taken || !is_started_by_systemd() || !is_live_gateway(launch.listen.front())) return listeners;
  return fail(ErrorCode::start_blocked, listeners.error().message +
                                            "\ngateway already running under systemd; existing gateway is healthy, " +
                                            "exiting with code 78 to prevent a systemd Restart=always loop");
}

std::string notify_address() {
  const char* value = std::getenv("NOTIFY_SOCKET");
  std::string address = value ? value : "";
  ::unsetenv("NOTIFY_SOCKET");
  return address;
}

int report(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return row_of(error.code).exit_code;
}

}  // namespace omenia::supervisor
