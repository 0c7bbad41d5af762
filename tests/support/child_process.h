#pragma once
// ChildProcess: a program that a test started. Its output is kept; it, and everything it started in its own process
// group, is ended with the object.

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "shared/base/fd.h"
#include "tests/support/deadline.h"

namespace omenia::test {

using Variables = std::map<std::string, std::string>;

// The children of a process, by /proc; empty when it has none or is gone.
std::vector<pid_t> children_of(pid_t parent);
bool process_exists(pid_t pid);  // A zombie does not count.

class ChildProcess {
 public:
  // `program` is a path. The environment is exactly `variables`. Standard input is empty.
  ChildProcess(const std::string& program, const std::vector<std::string>& arguments, const Variables& variables);
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number);
  bool running();
  // The exit code, 128 + n for signal n; -1 when it still runs at the deadline.
  int wait(int wait_ms = wait_ms_max);

  std::string output() const;  // Standard output so far.
  std::string errors() const;  // Standard error so far.
  // Waits for this text on either; false when it does not come.
  bool says(const std::string& text);

 private:
  bool reap();

  pid_t pid_ = -1;
  int exit_code_ = -1;
  bool ended_ = false;
  Fd output_;
  Fd errors_;
};

}  // namespace omenia::test
