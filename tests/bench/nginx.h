#pragma once
// Nginx: the yardstick for HTTP, as one process like the worker: a fixed answer, and a proxy before the mock model
// server. Without a log, so that only the work itself is compared.

#include <sys/types.h>

#include <memory>

#include "tests/support/child_process.h"
#include "tests/support/port_lease.h"
#include "tests/support/temp_dir.h"

namespace omenia::bench {

class Nginx {
 public:
  // Null when it is not installed or does not start; says so.
  static std::unique_ptr<Nginx> before(int mock_port);

  int port() const { return lease_.port(); }
  pid_t pid() const { return process_->pid(); }

 private:
  Nginx() = default;
  bool start(int mock_port);

  test::TempDir folder_;
  test::PortLease lease_;
  std::unique_ptr<test::ChildProcess> process_;
};

}  // namespace omenia::bench
