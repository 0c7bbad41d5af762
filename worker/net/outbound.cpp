#include "worker/net/outbound.h"

#include <optional>
#include <utility>

#include "shared/base/limits.h"
#include "worker/net/curl_call.h"
#include "worker/net/curl_transfers.h"
#include "worker/net/plain_call.h"
#include "worker/net/plain_connections.h"

namespace omenia::net {

namespace {

Task<void> read_to_the_end(std::unique_ptr<StreamedCall> call) {
  while (true) {
    auto reading = call->piece();
    const auto piece = co_await std::move(reading);
    if (!piece.ok() || piece.value().empty()) co_return;
  }
}

}  // namespace

struct Outbound::State {
  State(Loop& on_loop, Logger log, Ways allowed)
      : loop(on_loop),
        ways(allowed),
        transfers(std::make_shared<CurlTransfers>(on_loop, std::move(log))),
        connections(std::make_shared<PlainConnections>(on_loop)) {}

  std::unique_ptr<StreamedCall> call_for(OutboundRequest request, const Result<Endpoint>& endpoint,
                                         std::stop_token stop) {
    std::optional<PlainTarget> target;
    if (ways == Ways::all && endpoint.ok()) target = plain_target_of(request, endpoint.value());
    if (!target) return std::make_unique<CurlCall>(loop, transfers, std::move(request), std::move(stop));
    return std::make_unique<PlainCall>(loop, connections, std::move(*target), std::move(request), std::move(stop));
  }

  Loop& loop;
  Ways ways;
  std::shared_ptr<CurlTransfers> transfers;
  std::shared_ptr<PlainConnections> connections;
  TaskScope retired;
};

Outbound::Outbound(Loop& loop, Logger log, Ways ways) : state_(std::make_unique<State>(loop, std::move(log), ways)) {}

// Calls that are still held by somebody are ended here and keep what they need to say so.
Outbound::~Outbound() {
  state_->transfers->close();
  state_->connections->close();
}

std::unique_ptr<OutboundCall> Outbound::start(OutboundRequest request, std::stop_token stop) {
  auto endpoint = parse_endpoint(request.url);
  auto call = state_->call_for(std::move(request), endpoint, std::move(stop));
  call->begin(std::move(endpoint));
  return call;
}

void Outbound::retire(std::unique_ptr<OutboundCall> call) {
  std::unique_ptr<StreamedCall> ours(static_cast<StreamedCall*>(call.release()));  // Nobody else makes calls.
  if (!ours || ours->is_over() || state_->retired.size() >= limits::outbound_retired_max) return;
  ours->end_within(limits::outbound_retire_ms);
  state_->retired.spawn(read_to_the_end(std::move(ours)));
}

}  // namespace omenia::net
