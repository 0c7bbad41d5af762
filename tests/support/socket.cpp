#include "tests/support/socket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

namespace omenia::test {

namespace {

bool wait_for(int fd, short what, const Deadline& deadline) {
  pollfd watched{fd, what, 0};
  return ::poll(&watched, 1, deadline.remaining_ms()) == 1;
}

}  // namespace

Socket::Socket(int port) {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fd_ = std::move(fd);
}

Socket::Socket(int port, const TlsWish& wish) : Socket(port) {
  if (open()) tls_ = std::make_unique<TlsEnd>(fd_.get(), wish);
}

bool Socket::send(std::string_view bytes) {
  const Deadline deadline;
  if (tls_) return tls_->send(bytes, deadline);
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN || !wait_for(fd_.get(), POLLOUT, deadline)) {
      return false;
    }
  }
  return true;
}

Received Socket::receive(std::string& into, const Deadline& deadline) {
  if (!open()) return Received::end;
  if (tls_) {
    const long got = tls_->receive(into, deadline);
    return got > 0 ? Received::data : got == 0 ? Received::end : Received::late;
  }
  if (!wait_for(fd_.get(), POLLIN, deadline)) return Received::late;
  char bytes[64 * 1024];
  const ssize_t count = ::recv(fd_.get(), bytes, sizeof bytes, 0);
  if (count <= 0) return Received::end;
  into.append(bytes, static_cast<std::size_t>(count));
  return Received::data;
}

void Socket::end_sending() {
  if (tls_) tls_->end_sending();
  ::shutdown(fd_.get(), SHUT_WR);
}

void Socket::reset() {
  const linger now{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  fd_.reset();
}

void Socket::shrink_receive_buffer(int bytes) {
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

}  // namespace omenia::test
