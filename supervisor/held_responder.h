#pragma once
// HeldResponder: answers for the gateway while no worker is started any more: every HTTP request gets a plain 503 that
// says why and what to do. The only time the supervisor accepts connections.

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "shared/loop/loop.h"
#include "supervisor/listener.h"

namespace omenia::supervisor {

class HeldResponder {
 public:
  HeldResponder(Loop& loop, const std::vector<Listener>& listeners, const std::string& reason);
  ~HeldResponder();  // Closes what is open.
  HeldResponder(const HeldResponder&) = delete;
  HeldResponder& operator=(const HeldResponder&) = delete;

 private:
  class Connection;
  void accept_from(int listener);
  void accept_on(bool on);
  void forget(const Connection* ended);

  Loop& loop_;
  const std::vector<Listener>& listeners_;
  std::string answer_;
  std::vector<std::unique_ptr<Watch>> watches_;
  std::list<std::unique_ptr<Connection>> connections_;
  Timer accept_again_;
};

}  // namespace omenia::supervisor
