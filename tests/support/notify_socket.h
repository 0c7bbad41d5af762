#pragma once
// NotifySocket: the service manager's end of sd_notify. What a gateway tells it is the exact moment of each of its
// steps.

#include <optional>
#include <string>

#include "shared/base/fd.h"
#include "tests/support/deadline.h"

namespace omenia::test {

class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path);  // To be given to the gateway as NOTIFY_SOCKET.

  std::optional<std::string> next(const Deadline& deadline);  // Nothing when no message comes in time.
  void forget();                                              // What has come so far.
  // The next message that says a worker serves. False when the swap failed, or none comes.
  bool wait_for_worker(int wait_ms = wait_ms_max);

 private:
  Fd socket_;
};

}  // namespace omenia::test
