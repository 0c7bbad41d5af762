#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "worker/net/acknowledged_bytes.h"

namespace omenia::net {

std::uint64_t acknowledged_bytes(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  return ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_bytes_acked : 0;
}

}  // namespace omenia::net
