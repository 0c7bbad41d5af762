#include "tests/support/notify_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "shared/base/ensure.h"

namespace omenia::test {

NotifySocket::NotifySocket(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  ensure(path.size() < sizeof where.sun_path, "a test's socket has a short path");
  path.copy(where.sun_path, path.size());
  ensure(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0,
         "a test can make a socket in its own folder");
}

std::optional<std::string> NotifySocket::next(const Deadline& deadline) {
  pollfd watched{socket_.get(), POLLIN, 0};
  if (::poll(&watched, 1, deadline.remaining_ms()) != 1) return std::nullopt;
  char bytes[4096];
  const ssize_t count = ::recv(socket_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
  if (count < 0) return std::nullopt;
  return std::string(bytes, static_cast<std::size_t>(count));
}

void NotifySocket::forget() {
  while (next(Deadline(0))) continue;
}

bool NotifySocket::wait_for_worker(int wait_ms) {
  const Deadline deadline(wait_ms);
  while (const auto message = next(deadline)) {
    if (!message->starts_with("READY=1")) continue;
    return message->find("swap failed") == std::string::npos;
  }
  return false;
}

}  // namespace omenia::test
