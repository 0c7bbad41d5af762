#include "supervisor/startup.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "shared/base/fd.h"
#include "shared/base/limits.h"
#include "shared/base/version.h"
#include "shared/os/document.h"
#include "supervisor/health_probe.h"

namespace omenia::supervisor {

namespace {
constexpr int watchdog_ms_max = 24 * 3600 * 1000;

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

Result<std::vector<Listener>> claim_port(const Launch& launch, const std::vector<Listener>& ours) {
  if (!ours.empty()) return open_listeners_beside(ours, launch.listen);
  auto listeners = open_listeners(launch.listen);
  const bool taken = !listeners.ok() && listeners.error().code == ErrorCode::port_in_use;
  if (!taken || !is_started_by_systemd() || !is_live_gateway(launch.listen.front())) return listeners;
  return fail(ErrorCode::start_blocked, listeners.error().message +
                                            "\ngateway already running under systemd; existing gateway is healthy, " +
                                            "exiting with code 78 to prevent a systemd Restart=always loop");
}

void adopt_passed(std::vector<Fd> passed, const Launch& launch, const Logger& log, std::vector<Listener>& ours) {
  for (Fd& socket : passed) {
    auto listener = Listener::adopt(std::move(socket));
    const bool fits = listener.ok() && std::find(launch.listen.begin(), launch.listen.end(),
                                                 listener.value().address()) != launch.listen.end();
    if (!listener.ok()) {
      log.warn("a socket of the service manager is not used: " + listener.error().message);
    } else if (!fits) {
      const ListenAddress& address = listener.value().address();
      log.warn("a socket of the service manager is not used: " + address.host + ":" + std::to_string(address.port) +
               " is not where the gateway listens (gateway.bind, gateway.port)");
    } else {
      ours.push_back(std::move(listener).value());
    }
  }
}

std::string notify_address() {
  const char* value = std::getenv("NOTIFY_SOCKET");
  std::string address = value ? value : "";
  ::unsetenv("NOTIFY_SOCKET");
  return address;
}

int watchdog_ms() {
  const char* interval = std::getenv("WATCHDOG_USEC");
  const char* process = std::getenv("WATCHDOG_PID");
  const bool is_ours = interval && (!process || process == std::to_string(::getpid()));
  std::int64_t interval_us = 0;
  if (is_ours) std::from_chars(interval, interval + std::strlen(interval), interval_us);
  ::unsetenv("WATCHDOG_USEC");
  ::unsetenv("WATCHDOG_PID");
  return static_cast<int>(std::clamp<std::int64_t>(interval_us / 1'000, 0, watchdog_ms_max));
}

int report(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return row_of(error.code).exit_code;
}

}  // namespace omenia::supervisor
