#pragma once
// What has really arrived: the kernel takes megabytes from us before a slow peer has seen the first of them.

#include <cstdint>

namespace omenia::net {

// Bytes that the other end of a TCP connection has acknowledged so far; 0 for sockets of another kind.
std::uint64_t acknowledged_bytes(int socket);

}  // namespace omenia::net
