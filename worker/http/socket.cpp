#include "worker/http/socket.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

#include "shared/base/ensure.h"

namespace omenia::http {

namespace {

constexpr int pieces_max = 16;  // Of one send.

bool is_passing(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// Bytes sent, 0 when the client takes none now, -1 when it never will.
ssize_t send_pieces(int fd, iovec* pieces, int count) {
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = static_cast<std::size_t>(count);
  const ssize_t sent = ::sendmsg(fd, &message, MSG_NOSIGNAL);
  return sent < 0 && is_passing(errno) ? 0 : sent;
}

}  // namespace

Socket::Socket(Loop& loop, Fd fd, std::vector<char>& read_buffer, Owner& owner)
    : fd_(std::move(fd)),
      read_buffer_(read_buffer),
      owner_(owner),
      readable_(event_new(loop.base(), fd_.get(), EV_READ | EV_PERSIST, &Socket::on_readable, this)),
      writable_(event_new(loop.base(), fd_.get(), EV_WRITE | EV_PERSIST, &Socket::on_writable, this)),
      queue_(evbuffer_new()) {
  ensure(readable_ && writable_ && queue_, "memory for a connection is there");
  const int on = 1;
  ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  event_add(readable_, nullptr);
}

Socket::~Socket() {
  event_free(readable_);
  event_free(writable_);
  evbuffer_free(queue_);
}

void Socket::write(std::initializer_list<std::string_view> parts) {
  ensure(parts.size() <= pieces_max, "a write has few parts");
  if (broken_ || !fd_.valid()) return;
  std::size_t sent = 0;
  if (queued_bytes() == 0) {
    iovec pieces[pieces_max];
    int count = 0;
    for (const auto part : parts) pieces[count++] = {const_cast<char*>(part.data()), part.size()};
    const ssize_t taken = send_pieces(fd_.get(), pieces, count);
    if (taken < 0) return break_off();
    sent = static_cast<std::size_t>(taken);
    sent_bytes_ += sent;
  }
  for (auto part : parts) {
    const std::size_t done = std::min(sent, part.size());
    sent -= done;
    part.remove_prefix(done);
    if (!part.empty()) evbuffer_add(queue_, part.data(), part.size());
  }
  if (queued_bytes() > 0) event_add(writable_, nullptr);
}

std::size_t Socket::queued_bytes() const {
  return evbuffer_get_length(queue_);
}

void Socket::pause_reading() {
  paused_ = true;
  event_del(readable_);
  if (woken_) wake();
}

void Socket::resume_reading() {
  if (!paused_ || !fd_.valid()) return;
  paused_ = false;
  event_add(readable_, nullptr);
}

bool Socket::client_has_left() const {
  pollfd asked{fd_.get(), POLLRDHUP, 0};
  return ::poll(&asked, 1, 0) > 0;
}

bool Socket::has_unread() const {
  pollfd asked{fd_.get(), POLLIN, 0};
  return ::poll(&asked, 1, 0) > 0;
}

void Socket::wake() {
  if (!fd_.valid()) return;
  woken_ = true;
  event_active(readable_, EV_TIMEOUT, 0);
}

void Socket::finish_sending() {
  ::shutdown(fd_.get(), SHUT_WR);
}

void Socket::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  break_off();
}

void Socket::close() {
  [[maybe_unused]] const Fd closed = release();
}

Fd Socket::release() {
  event_del(readable_);
  event_del(writable_);
  return std::move(fd_);
}

void Socket::on_readable(int, short what, void* self) {
  auto* socket = static_cast<Socket*>(self);
  if (!(what & EV_TIMEOUT)) return socket->receive();
  socket->woken_ = false;
  socket->owner_.on_woken();
}

void Socket::on_writable(int, short, void* self) {
  static_cast<Socket*>(self)->send_queued();
}

void Socket::receive() {
  const ssize_t received = ::recv(fd_.get(), read_buffer_.data(), read_buffer_.size(), 0);
  if (received > 0) return owner_.on_bytes({read_buffer_.data(), static_cast<std::size_t>(received)});
  if (received < 0 && is_passing(errno)) return;
  broken_ = received < 0;
  pause_reading();
  owner_.on_end();
}

void Socket::send_queued() {
  evbuffer_iovec pieces[pieces_max];
  const int count = std::min(evbuffer_peek(queue_, -1, nullptr, pieces, pieces_max), pieces_max);
  const ssize_t sent = send_pieces(fd_.get(), pieces, count);
  if (sent < 0) return break_off();
  sent_bytes_ += static_cast<std::uint64_t>(sent);
  evbuffer_drain(queue_, static_cast<std::size_t>(sent));
  if (queued_bytes() > 0) return;
  event_del(writable_);
  owner_.on_flushed();
}

void Socket::break_off() {
  broken_ = true;
  event_del(writable_);
  evbuffer_drain(queue_, queued_bytes());
  wake();
}

}  // namespace omenia::http
