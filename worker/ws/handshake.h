#pragma once
// Handshake: a connect from its parameters to a grant or a refusal, with everything that this changes in the store
// done. Whatever happens meanwhile, a device removed, a secret rotated, is seen: the decision is then made again.

#include <memory>

#include "shared/base/task.h"
#include "worker/ws/connect.h"

namespace omenia::worker {
struct Context;
}

namespace omenia::ws {

struct Handshake {
  std::shared_ptr<const ConnectRequest> request;
  PeerFacts peer;
  std::string nonce;  // Of this connection's challenge.
};

Task<Decision> settle(worker::Context* context, Handshake handshake);

// What the configuration says about connecting.
ConnectPolicy connect_policy(const worker::Context& context);

}  // namespace omenia::ws
