#pragma once
// Relay: the least that can stand before a model server. It hands bytes on and reads none of them, so that what it adds
// is what a process in the middle costs on this machine, whatever that process does.

#include <memory>

namespace omenia::bench {

class Relay {
 public:
  explicit Relay(int upstream_port);  // Runs from here on, in a thread of its own.
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  int port() const;

 private:
  class Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace omenia::bench
