#include "worker/http/socket.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

#include "shared/base/ensure.h"
#include "shared/base/limits.h"
#include "shared/base/passing_error.h"

namespace omenia::http {

namespace {

constexpr int pieces_max = 16;  // Of one send.
constexpr std::size_t shared_record_bytes = 16 * limits::KiB;
constexpr char handshake_record = 22;  // What TLS begins with.

// Bytes sent, 0 when the client takes none now, -1 when it never will.
ssize_t send_pieces(int fd, iovec* pieces, int count) {
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = static_cast<std::size_t>(count);
  const ssize_t sent = ::sendmsg(fd, &message, MSG_NOSIGNAL);
  return sent < 0 && is_passing(errno) ? 0 : sent;
}

}  // namespace

Socket::Socket(Loop& loop, Fd fd, std::vector<char>& read_buffer, Owner& owner, std::shared_ptr<TlsAcceptor> acceptor)
    : Socket(loop, Released{std::move(fd), nullptr}, read_buffer, owner) {
  acceptor_ = std::move(acceptor);
}

Socket::Socket(Loop& loop, Released released, std::vector<char>& read_buffer, Owner& owner)
    : fd_(std::move(released.fd)),
      read_buffer_(read_buffer),
      owner_(owner),
      tls_(std::move(released.tls)),
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
  if (broken_ || !fd_.valid()) return;
  if (!tls_) return write_wire(parts);
  std::string wire;
  std::string small;  // Short parts share a record.
  for (const std::string_view part : parts) {
    if (small.size() + part.size() <= shared_record_bytes) {
      small += part;
      continue;
    }
    tls_->encrypt(small, wire);
    small.clear();
    tls_->encrypt(part, wire);
  }
  tls_->encrypt(small, wire);
  write_wire({wire});
}

void Socket::write_wire(std::initializer_list<std::string_view> parts) {
  ensure(parts.size() <= pieces_max, "a write has few parts");
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

std::uint64_t Socket::taken_bytes() const {
  int waiting = 0;
  if (::ioctl(fd_.get(), TIOCOUTQ, &waiting) != 0) return sent_bytes_;
  return sent_bytes_ - std::min(sent_bytes_, static_cast<std::uint64_t>(waiting));
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
  if (tls_) {
    std::string wire;
    tls_->end(wire);
    write_wire({wire});
  }
  ::shutdown(fd_.get(), SHUT_WR);
}

void Socket::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  break_off();
}

// What was sent is whole as far as it goes; whoever breaks a connection off says no such thing.
void Socket::close() {
  if (tls_ && !broken_ && fd_.valid() && queued_bytes() == 0) {
    std::string wire;
    tls_->end(wire);
    [[maybe_unused]] const auto sent = ::send(fd_.get(), wire.data(), wire.size(), MSG_NOSIGNAL);
  }
  [[maybe_unused]] const Released closed = release();
}

Socket::Released Socket::release() {
  event_del(readable_);
  event_del(writable_);
  return {std::move(fd_), std::move(tls_)};
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
  if (tls_ && tls_->state() == TlsSession::State::ended) return finish_receiving();
  const ssize_t received = ::recv(fd_.get(), read_buffer_.data(), read_buffer_.size(), 0);
  if (received > 0) return take_wire({read_buffer_.data(), static_cast<std::size_t>(received)});
  if (received < 0 && is_passing(errno)) return;
  broken_ = received < 0;
  finish_receiving();
}

void Socket::finish_receiving() {
  pause_reading();
  owner_.on_end();
}

void Socket::take_wire(std::string_view wire) {
  if (acceptor_) return begin_tls(wire);
  if (tls_) return decrypt(wire);
  owner_.on_bytes(wire);
}

void Socket::begin_tls(std::string_view wire) {
  const auto acceptor = std::move(acceptor_);
  if (wire.front() != handshake_record) return owner_.on_plain_text();
  tls_ = acceptor->accept();
  if (tls_) return decrypt(wire);
  broken_ = true;
  finish_receiving();
}

void Socket::decrypt(std::string_view wire) {
  std::string text;
  std::string reply;
  const TlsSession::State state = tls_->receive(wire, text, reply);
  replied_bytes_ += reply.size();
  if (!reply.empty()) write_wire({reply});
  // Beyond its handshake a client has little to be answered beside our text; who asks for more fills our memory.
  if (state == TlsSession::State::broken || replied_bytes_ > limits::tls_replies_bytes_max) {
    broken_ = true;
    return finish_receiving();
  }
  if (text.empty() && state == TlsSession::State::ended) return finish_receiving();
  // The end that came with these bytes is told in the next turn.
  if (state == TlsSession::State::ended) event_active(readable_, EV_READ, 0);
  if (!text.empty()) owner_.on_bytes(text);
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
