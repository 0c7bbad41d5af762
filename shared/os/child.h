#pragma once
// Child: a program started as a child process, with exactly the descriptors it is meant to have, and its end.

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia {

struct ChildDescriptor {
  int source;  // In this process; stays open here.
  int number;  // What the child calls it.
};

// The environment is inherited, and so are descriptors 0, 1 and 2 unless `descriptors` names them; nothing else is.
// Signals have their default action in the child, except those it shall ignore from its first instruction on.
struct ChildPlan {
  std::string program;                 // Path.
  std::vector<std::string> arguments;  // After the program's name.
  std::vector<ChildDescriptor> descriptors;
  std::vector<int> ignored_signals;
  bool own_group = false;         // A process group of its own: a terminal's Ctrl-C does not reach it.
  bool dies_with_parent = false;  // Killed when the thread that started it ends, however that happens.
};

// Returns once the program runs. Error: system, names the program and the cause.
Result<pid_t> spawn_child(const ChildPlan& plan);

struct ChildEnd {
  int exit_code = 0;  // 128 + signal when a signal ended it.
  std::string words;  // "exited with code 3", "was ended by signal 9 (Killed)".
  bool by_signal = false;
};

// How the child ended, and its process entry is gone; nothing while it runs. Never waits.
std::optional<ChildEnd> reap_child(pid_t pid);

}  // namespace omenia
