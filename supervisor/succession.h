#pragma once
// Succession: what a supervisor leaves to the program that replaces its own in the same process (renewal.h): who its
// workers are, and which open descriptor is what. The one who reads it may be of another release.

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "shared/protocol/launch.h"

namespace omenia::supervisor {

inline constexpr int succession_protocol = 1;

struct Succession {
  struct Worker {
    pid_t pid = 0;
    int generation = 0;
    std::int64_t store_generation = 0;
    int control = -1;  // Descriptor, as are the others that are called after what they are.
    bool serves = false;
    bool told_to_leave = false;  // One that drains: its time to do so is over.
    std::int64_t leave_ms = 0;   // Left of its time.
  };
  struct Caller {
    pid_t pid = 0;
    int socket = -1;
    std::string replaced_worker;
  };

  Launch launch;
  int generation = 0;  // Of the worker started last.
  int lock = -1;
  std::vector<int> listeners;
  std::string notify_address;
  int watchdog_ms = 0;
  std::vector<Worker> workers;  // In the order in which they were started.
  std::vector<Caller> callers;  // Who waits for the end of the renewal.

  std::vector<int> descriptors() const;
  std::string to_json() const;
  // Error: system, in words for the operator, when it was left by a release that this one cannot follow.
  static Result<Succession> from_json(std::string_view text);
};

}  // namespace omenia::supervisor
