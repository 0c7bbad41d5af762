#include "worker/net/outbound.h"

#include <utility>

#include "worker/net/curl_call.h"
#include "worker/net/curl_transfers.h"

namespace omenia::net {

struct Outbound::State {
  Loop& loop;
  std::shared_ptr<CurlTransfers> transfers;
};

Outbound::Outbound(Loop& loop, Logger log)
    : state_(std::make_unique<State>(State{loop, std::make_shared<CurlTransfers>(loop, std::move(log))})) {}

// Calls that are still held by somebody are ended here and keep what they need to say so.
Outbound::~Outbound() {
  state_->transfers->close();
}

std::unique_ptr<OutboundCall> Outbound::start(OutboundRequest request, std::stop_token stop) {
  auto call = std::make_unique<CurlCall>(state_->loop, state_->transfers, std::move(request), std::move(stop));
  call->begin();
  return call;
}

void Outbound::preload() {
  state_->transfers->load();
}

}  // namespace omenia::net
