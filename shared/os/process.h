#pragma once
// Process: what can be known of other processes, for messages that name who is in the way.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace omenia {

struct PortHolder {
  pid_t pid = 0;        // 0: hidden from us; it belongs to another user.
  std::string user;     // Name, or number where there is no name.
  std::string command;  // Its command line, at most 200 bytes; may hold any character.
  std::string address;  // "127.0.0.1:18789", "[::]:18789"
};

// Who listens on a TCP port of this machine; at most 8 are told.
std::vector<PortHolder> holders_of_port(int port);

bool is_own_process(pid_t pid);  // It runs as the user we run as.

// When the process was started, in the system's own unit: together with the pid it names one process for ever. 0 when
// there is no such process.
std::int64_t process_start_time(pid_t pid);

}  // namespace omenia
