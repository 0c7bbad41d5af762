#pragma once
// Launch: what `OmeniaClaw gateway` decided (flags over environment over config over defaults), handed to the
// supervisor and by it to every worker as one JSON document through an inherited descriptor, so that no secret is in an
// argument list.

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/secret.h"

namespace omenia {

struct ListenAddress {
  std::string host;  // Numeric address.
  int port = 0;
  bool operator==(const ListenAddress&) const = default;
};

struct Launch {
  std::string version;      // Of the program that wrote it; a different one is refused.
  std::string config_path;  // Absolute.
  std::string state_dir;    // Absolute, exists, mode 0700.
  std::string profile;      // Empty: the default profile.
  std::string bind_mode;    // loopback, lan, tailnet, auto, custom: how `listen` came about.
  std::string log_file;     // Absolute; the file both processes append to.
  std::string worker_path;  // Executable of the worker.
  std::vector<ListenAddress> listen;
  // Flags that override the config for this run; empty or 0: not given.
  int port_flag = 0;
  std::string bind_flag;
  std::string auth_mode;
  Secret token;
  Secret password;
  bool token_is_made = false;  // Nobody gave a token; this one is for this run, until one is configured.
  bool verbose = false;        // The terminal shows debug lines and WebSocket traffic.
  bool allow_unconfigured = false;
  bool degraded = false;  // Start with the last good copy of the configuration: the file cannot be used.
  // Generations (the store's) of workers that still run: what is theirs is not taken over.
  std::vector<std::int64_t> living_generations;
  bool announce = false;  // Print address, token and example commands when ready (make run).

  std::string to_json() const;
  static Result<Launch> from_json(std::string_view text);
  // Written by a supervisor of another release, which this one replaces: it is of this release from now on.
  static Result<Launch> of_predecessor(std::string_view text);
};

// Descriptors with fixed numbers in a child: what they are is agreed here, not passed in arguments.
inline constexpr int launch_descriptor = 3;        // Launch document, readable from its start.
inline constexpr int control_descriptor = 4;       // Worker only: socket to the supervisor.
inline constexpr int first_listen_descriptor = 5;  // Worker only: listen[0], listen[1], ...

}  // namespace omenia
