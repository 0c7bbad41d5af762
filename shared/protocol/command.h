#pragma once
// Command: what the commands of an operator, and another supervisor, ask of the supervisor of a state directory over
// its command socket, one JSON object a line (control.h). Who may ask is decided by the user that asks.
//
//   ask:    restart {protocol, supervisor?}, handover {protocol, ports}
//   answer: restarted {ok, worker, text}; socket {host, port} + descriptor ..., handed {pid}; refused {text}

#include <functional>
#include <string>
#include <string_view>

#include "shared/protocol/control.h"

namespace omenia {

inline constexpr int command_protocol = 1;

std::string command_socket_path(const std::string& state_dir);

// Sends `request` and gives each answer to `hear`, until that says that it was the last. Error: unreachable, when the
// supervisor ends meanwhile or sends no message; unavailable, when the time is over.
Result<void> ask_supervisor(Fd socket, std::string_view request, int wait_ms,
                            const std::function<bool(JsonView answer, ControlChannel& channel)>& hear);

}  // namespace omenia
