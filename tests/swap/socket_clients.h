#pragma once
// SocketClients: WebSocket clients that stay connected, and come back whenever the gateway sends them away.

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "tests/support/ws_client.h"
#include "tests/swap/tally.h"

namespace omenia::swap {

class SocketClients {
 public:
  SocketClients(int clients, int port, test::Identity identity, Tally& tally);
  ~SocketClients();  // After the gateway was stopped.

  // How many have not said hello so often yet.
  std::size_t behind(std::size_t hellos) const;
  // Waits until all have; false when some have not.
  bool all_back(std::size_t hellos) const;

 private:
  void run(Count& hellos);
  void stay(test::WsClient& client);

  int port_;
  test::Identity identity_;
  Tally& tally_;
  std::vector<std::unique_ptr<Count>> hellos_;
  std::vector<std::thread> threads_;
};

}  // namespace omenia::swap
