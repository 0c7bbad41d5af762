#include "supervisor/service_notify.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <utility>

namespace omenia::supervisor {

ServiceNotify::ServiceNotify(std::string address) : address_(std::move(address)) {
  const bool usable = address_.size() > 1 && (address_[0] == '/' || address_[0] == '@') &&
                      address_.size() < sizeof(sockaddr_un::sun_path);
  if (usable) socket_ = Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

void ServiceNotify::send(std::string_view message) const {
  if (!socket_.valid()) return;
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  address_.copy(where.sun_path, address_.size());
  if (address_[0] == '@') where.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  ::sendto(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&where), length);
}

}  // namespace omenia::supervisor
