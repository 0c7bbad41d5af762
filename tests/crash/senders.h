#pragma once
// Senders: clients that send messages to agents over WebSocket and over HTTP, without a pause, and write down what the
// gateway has told them. Some messages are sent again with the same key, as a client does that lost its connection.

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "tests/crash/ledger.h"
#include "tests/support/gateway.h"

namespace omenia::crash {

struct Clients {
  int over_sockets = 6;
  int over_http = 2;
  int one_offs = 2;  // Over HTTP too, without a session.
};

class Senders {
 public:
  Senders(const Clients& clients, const test::Gateway& gateway, std::uint32_t seed, Ledger& ledger);
  ~Senders();  // Lets them finish what they have asked; ledger.stopping is set.

 private:
  std::vector<std::thread> threads_;
};

// The text of a message whose content is a string or a list of parts.
std::string text_of(JsonView message);

}  // namespace omenia::crash
