#pragma once
// PlainConnections: the connections that stand, for the next request to the same server, and the calls under way.

#include <memory>
#include <unordered_set>
#include <vector>

#include "worker/net/plain_connection.h"

namespace omenia::net {

class PlainCall;

class PlainConnections {
 public:
  explicit PlainConnections(Loop& loop) : loop_(loop) {}
  PlainConnections(const PlainConnections&) = delete;
  PlainConnections& operator=(const PlainConnections&) = delete;

  // One that stands; null: none does.
  std::unique_ptr<PlainConnection> take(const Endpoint& endpoint);
  // One that has to be connected.
  std::unique_ptr<PlainConnection> make(const Endpoint& endpoint);
  // Takes one back over which another request may go.
  void keep(std::unique_ptr<PlainConnection> connection);

  void add(PlainCall& call) { calls_.insert(&call); }
  void remove(PlainCall& call) { calls_.erase(&call); }
  void close();  // Fails what is under way. Nothing begins after it.
  bool is_closed() const { return closed_; }

 private:
  Loop& loop_;
  std::vector<char> read_buffer_;
  std::vector<std::unique_ptr<PlainConnection>> kept_;  // The one that was used last is the last.
  std::unordered_set<PlainCall*> calls_;
  bool closed_ = false;
};

}  // namespace omenia::net
