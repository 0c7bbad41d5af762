#include "worker/net/outbound.h"

#include <utility>

#include "shared/base/limits.h"
#include "worker/net/curl_call.h"
#include "worker/net/curl_transfers.h"

namespace omenia::net {

namespace {

Task<void> read_to_the_end(std::unique_ptr<CurlCall> call) {
  while (true) {
    auto reading = call->piece();
    const auto piece = co_await std::move(reading);
    if (!piece.ok() || piece.value().empty()) co_return;
  }
}

}  // namespace

struct Outbound::State {
  State(Loop& on_loop, Logger log)
      : loop(on_loop), transfers(std::make_shared<CurlTransfers>(on_loop, std::move(log))) {}

  Loop& loop;
  std::shared_ptr<CurlTransfers> transfers;
  TaskScope retired;
};

Outbound::Outbound(Loop& loop, Logger log) : state_(std::make_unique<State>(loop, std::move(log))) {}

// Calls that are still held by somebody are ended here and keep what they need to say so.
Outbound::~Outbound() {
  state_->transfers->close();
}

std::unique_ptr<OutboundCall> Outbound::start(OutboundRequest request, std::stop_token stop) {
  auto call = std::make_unique<CurlCall>(state_->loop, state_->transfers, std::move(request), std::move(stop));
  call->begin();
  return call;
}

void Outbound::retire(std::unique_ptr<OutboundCall> call) {
  if (!call || state_->retired.size() >= limits::outbound_retired_max) return;
  std::unique_ptr<CurlCall> ours(static_cast<CurlCall*>(call.release()));  // Nobody else makes calls.
  ours->end_within(limits::outbound_retire_ms);
  state_->retired.spawn(read_to_the_end(std::move(ours)));
}

void Outbound::preload() {
  state_->transfers->load();
}

}  // namespace omenia::net
