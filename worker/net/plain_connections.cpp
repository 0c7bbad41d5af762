#include "worker/net/plain_connections.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "shared/base/limits.h"
#include "worker/net/plain_call.h"

namespace omenia::net {

std::unique_ptr<PlainConnection> PlainConnections::take(const Endpoint& endpoint) {
  std::erase_if(kept_, [](const auto& connection) { return !connection->is_open(); });
  const auto found = std::find_if(kept_.rbegin(), kept_.rend(), [&](const auto& connection) {
    return connection->endpoint().host == endpoint.host && connection->endpoint().port == endpoint.port;
  });
  if (found == kept_.rend()) return nullptr;
  auto connection = std::move(*found);
  kept_.erase(std::next(found).base());
  return connection;
}

std::unique_ptr<PlainConnection> PlainConnections::make(const Endpoint& endpoint) {
  read_buffer_.resize(limits::outbound_read_bytes);
  return std::make_unique<PlainConnection>(loop_, endpoint, read_buffer_);
}

void PlainConnections::keep(std::unique_ptr<PlainConnection> connection) {
  if (closed_) return;
  connection->forget_owner();
  if (kept_.size() >= limits::outbound_connections_kept_max) kept_.erase(kept_.begin());
  kept_.push_back(std::move(connection));
}

void PlainConnections::close() {
  closed_ = true;
  kept_.clear();
  for (PlainCall* call : std::exchange(calls_, {})) call->fail_aside();
}

}  // namespace omenia::net
