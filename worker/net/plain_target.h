#pragma once
// PlainTarget: where a request goes that needs nothing but TCP: no TLS, no name lookup, no proxy, no rule about
// addresses. That is a model server on this machine. Every other request is curl's.

#include <sys/socket.h>

#include <optional>
#include <string>

#include "worker/net/outbound.h"
#include "worker/net/outbound_endpoint.h"

namespace omenia::net {

struct SocketAddress {
  sockaddr_storage bytes;
  socklen_t size;
};

struct PlainTarget {
  SocketAddress address;
  std::string path;  // With the query: what stands in the request line.
};

// Nothing: the request is one for curl.
std::optional<PlainTarget> plain_target_of(const OutboundRequest& request, const Endpoint& endpoint);

}  // namespace omenia::net
