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

class OutboundFixture : public OnLoop {
 protected:
  explicit OutboundFixture(net::Outbound::Ways ways)
      : outbound(std::make_unique<net::Outbound>(loop, Logger(), ways)) {}

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

  std::unique_ptr<net::Outbound> outbound;
};

// Every test runs over both ways that a request to this machine can take.
class OutboundTest : public OutboundFixture, public testing::WithParamInterface<net::Outbound::Ways> {
 protected:
  OutboundTest() : OutboundFixture(GetParam()) {}
};

inline const auto both_ways = testing::Values(net::Outbound::Ways::all, net::Outbound::Ways::curl_only);
inline std::string name_of_way(net::Outbound::Ways ways) {
  return ways == net::Outbound::Ways::all ? "Plain" : "Curl";
}
inline std::string name_of_case(const testing::TestParamInfo<net::Outbound::Ways>& info) {
  return name_of_way(info.param);
}

}  // namespace omenia::test
