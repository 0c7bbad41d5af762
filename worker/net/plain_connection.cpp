#include "worker/net/plain_connection.h"

#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "shared/base/ensure.h"
#include "shared/base/passing_error.h"

namespace omenia::net {

namespace {

iovec piece_of(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

}  // namespace

PlainConnection::PlainConnection(Loop& loop, Endpoint endpoint, std::vector<char>& read_buffer)
    : loop_(loop), endpoint_(std::move(endpoint)), read_buffer_(read_buffer) {}

PlainConnection::~PlainConnection() {
  close();
}

int PlainConnection::connect(const SocketAddress& address) {
  Fd fd(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return errno;
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connected_ = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size) == 0;
  if (!connected_ && errno != EINPROGRESS) return errno;
  fd_ = std::move(fd);
  watch();
  return 0;
}

void PlainConnection::watch() {
  readable_ = event_new(loop_.base(), fd_.get(), EV_READ | EV_PERSIST, &PlainConnection::on_readable, this);
  writable_ = event_new(loop_.base(), fd_.get(), EV_WRITE | EV_PERSIST, &PlainConnection::on_writable, this);
  ensure(readable_ && writable_, "memory for a connection is there");
  event_add(connected_ ? readable_ : writable_, nullptr);
}

void PlainConnection::close() {
  if (readable_) event_free(std::exchange(readable_, nullptr));
  if (writable_) event_free(std::exchange(writable_, nullptr));
  fd_.reset();
}

void PlainConnection::send(std::string head, std::string_view body, Owner& owner) {
  owner_ = &owner;
  head_ = std::move(head);
  body_ = body;
  sent_ = 0;
  if (connected_) send_more();
}

void PlainConnection::forget_owner() {
  owner_ = nullptr;
  body_ = {};
  sent_ = head_.size();
}

void PlainConnection::pause_reading() {
  event_del(readable_);
}

void PlainConnection::resume_reading() {
  event_add(readable_, nullptr);
}

void PlainConnection::on_readable(int, short, void* self) {
  static_cast<PlainConnection*>(self)->receive();
}

void PlainConnection::on_writable(int, short, void* self) {
  auto& connection = *static_cast<PlainConnection*>(self);
  connection.connected_ ? connection.send_more() : connection.finish_connecting();
}

void PlainConnection::finish_connecting() {
  int problem = 0;
  socklen_t size = sizeof problem;
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &problem, &size) != 0) problem = errno;
  if (problem != 0) return end(problem);
  connected_ = true;
  event_del(writable_);
  event_add(readable_, nullptr);
  send_more();
}

// An error is not told from here: what the server said before it broke off is read first. It is told then, since a
// connection whose error was taken by a send ends for the reader as if in order.
void PlainConnection::send_more() {
  iovec pieces[2];
  int count = 0;
  if (sent_ < head_.size()) pieces[count++] = piece_of(std::string_view(head_).substr(sent_));
  const std::size_t sent_of_body = sent_ - std::min(sent_, head_.size());
  if (sent_of_body < body_.size()) pieces[count++] = piece_of(body_.substr(sent_of_body));
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = static_cast<std::size_t>(count);
  const ssize_t sent = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
  if (sent > 0) sent_ += static_cast<std::size_t>(sent);
  const bool failed = sent < 0 && !is_passing(errno);
  if (failed) send_error_ = errno;
  if (failed) event_active(readable_, EV_READ, 0);
  const bool waits = !has_sent_all() && !failed;
  if (waits == std::exchange(waits_to_send_, waits)) return;
  waits ? event_add(writable_, nullptr) : event_del(writable_);
}

void PlainConnection::receive() {
  const ssize_t received = ::recv(fd_.get(), read_buffer_.data(), read_buffer_.size(), 0);
  const bool has_nothing = received < 0 && is_passing(errno);
  if (has_nothing && send_error_ == 0) return;
  if (!owner_) return close();
  if (received > 0) return owner_->on_bytes({read_buffer_.data(), static_cast<std::size_t>(received)});
  end(received == 0 || has_nothing ? send_error_ : errno);
}

void PlainConnection::end(int system_error) {
  close();
  if (owner_) owner_->on_closed(system_error);
}

}  // namespace omenia::net
