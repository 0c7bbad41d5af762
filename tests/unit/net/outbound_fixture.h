#pragma once
// What the tests of outgoing requests share.

#include <string>

#include "tests/unit/net/on_loop.h"
#include "tests/unit/net/scripted_server.h"
#include "worker/net/outbound.h"

namespace omenia::test {

struct Received {
  net::OutboundHead head;
  std::string body;
};

// The whole answer of a call, or what went wrong.
inline Task<Result<Received>> receive(net::OutboundCall* call) {
  Received received;
  TRY_AWAIT(received.head, call->head());
  while (true) {
    TRY_AWAIT(const std::string piece, call->piece());
    if (piece.empty()) co_return received;
    received.body.append(piece);
  }
}

class OutboundTest : public OnLoop {
 protected:
  net::OutboundRequest to(const ScriptedServer& server, std::string body = "{}") const {
    net::OutboundRequest request;
    request.url = server.url("/path");
    request.body = std::move(body);
    return request;
  }

  Result<Received> ask(net::OutboundRequest request) {
    const auto call = outbound->start(std::move(request), {});
    return run(receive(call.get()));
  }

  std::unique_ptr<net::Outbound> outbound = std::make_unique<net::Outbound>(loop, Logger());
};

}  // namespace omenia::test
