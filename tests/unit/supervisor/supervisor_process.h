#pragma once
// SupervisorProcess: a supervisor in a process of its own, with the fake worker behind it: the installed program, or a
// fork of the test that runs the same code with shorter deadlines.

#include <string>

#include "shared/base/fd.h"
#include "shared/protocol/launch.h"
#include "supervisor/restart_policy.h"
#include "supervisor/states.h"
#include "tests/support/port_lease.h"
#include "tests/support/temp_dir.h"

namespace omenia::supervisor {

// One instance's folder and port, and the launch document for them.
struct Ground {
  test::TempDir folder;
  test::PortLease lease;
  Launch launch = default_launch();
  std::string worker = "serves";  // What the fake worker does, see there.
  Deadlines deadlines;
  RestartRules rules;
  std::string notify_address;
  int watchdog_ms = 0;
  bool under_systemd = false;

  int port() const { return lease.port(); }

 private:
  Launch default_launch() const;
};

class SupervisorProcess {
 public:
  static SupervisorProcess program(const Ground& ground);
  static SupervisorProcess program_with(const std::string& document, const std::string& worker = "serves");
  static SupervisorProcess quick(const Ground& ground);
  SupervisorProcess(SupervisorProcess&& other) noexcept;
  SupervisorProcess& operator=(SupervisorProcess&&) = delete;
  ~SupervisorProcess();  // Kills it.

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  int wait();                                // The exit code, 128 + n for signal n, -1 when it does not end.
  bool says(const std::string& text) const;  // Waits for it on stdout or stderr.
  std::string errors() const;                // Standard error so far.
  std::string everything() const;            // Standard output, then standard error.
  pid_t worker_pid() const;                  // 0 when there is none.

 private:
  SupervisorProcess();
  pid_t pid_ = 0;
  Fd output_;
  Fd errors_;
};

}  // namespace omenia::supervisor
