#pragma once
// PortLease: a free TCP port that no other test process is given at the same time. Ports are taken below the range from
// which the system numbers outgoing connections, and are held by a lock on a file of that name, so that a port stays
// ours while nobody listens on it (a gateway that has not started yet, one that is being restarted).

#include "shared/base/fd.h"

namespace omenia::test {

class PortLease {
 public:
  PortLease();
  int port() const { return port_; }

 private:
  int port_ = 0;
  Fd lock_;
};

}  // namespace omenia::test
