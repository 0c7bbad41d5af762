#include "supervisor/startup.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "shared/base/fd.h"
#include "shared/base/limits.h"
#include "shared/base/version.h"
#include "shared/os/document.h"

namespace omenia::supervisor {

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
  LogOptions options{.file = launch.log_file};
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

std::string notify_address() {
  const char* value = std::getenv("NOTIFY_SOCKET");
  const std::string address = value ? value : "";
  ::unsetenv("NOTIFY_SOCKET");
  return address;
}

int report(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return row_of(error.code).exit_code;
}

}  // namespace omenia::supervisor
