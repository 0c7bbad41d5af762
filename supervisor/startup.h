#pragma once
// Startup: the steps of the supervisor's start that belong to nothing else.

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/log/log.h"
#include "shared/protocol/launch.h"
#include "supervisor/listener.h"

namespace omenia::supervisor {

// The one argument that means a start: whoever holds the port is replaced.
inline constexpr std::string_view force_argument = "--force";

// --version; anything else is refused in words. Returns the exit code.
int answer_arguments(const std::vector<std::string_view>& arguments);

// From the descriptor that was agreed on; closes it.
Result<Launch> read_launch();

// Knows the launch's secrets. A file that cannot be opened costs the file, with a warning, not the start.
Result<Log> open_log(const Launch& launch);

// Opens the listeners, beside those that are ours already. A port that a healthy gateway holds ends a start by systemd
// for good (exit code 78): started again every few seconds, it would find the same.
Result<std::vector<Listener>> claim_port(const Launch& launch, const std::vector<Listener>& ours = {});

// Those of the sockets passed in by the service manager that fit the launch's addresses join `ours`; the others are
// closed, with a warning.
void adopt_passed(std::vector<Fd> passed, const Launch& launch, const Logger& log, std::vector<Listener>& ours);

std::string notify_address();  // NOTIFY_SOCKET; also taken from the environment, since it is not the worker's.

// WATCHDOG_USEC in milliseconds, when it is meant for this process; 0: none. Taken from the environment too.
int watchdog_ms();

// Says on stderr why there was no start. Returns the exit code.
int report(const Error& error);

}  // namespace omenia::supervisor
