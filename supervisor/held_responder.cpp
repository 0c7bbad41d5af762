#include "supervisor/held_responder.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <string_view>
#include <utility>

#include "shared/base/limits.h"
#include "shared/base/passing_error.h"

namespace omenia::supervisor {

namespace {

std::string answer_with(const std::string& reason) {
  const std::string body = "The OmeniaClaw gateway is held: " + reason +
                           "\nSee why:  OmeniaClaw gateway status   and   OmeniaClaw logs" +
                           "\nAfter the cause is removed:  OmeniaClaw gateway restart\n";
  return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nRetry-After: 30\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" +
         body;
}

}  // namespace

// Reads until the head of a request has come, answers once, then reads on and forgets until the client has seen the
// answer: closing with unread bytes would reset the connection under it.
class HeldResponder::Connection {
 public:
  Connection(Loop& loop, Fd socket, std::string_view answer, std::function<void(const Connection*)> ended)
      : socket_(std::move(socket)),
        rest_(answer),
        ended_(std::move(ended)),
        loop_(loop),
        readable_(std::make_unique<Watch>(loop, socket_.get(), Watch::For::reading, [this] { read_some(); })),
        too_long_(loop, [this] { end(); }) {
    too_long_.start(limits::held_connection_ms_max);
  }

 private:
  void read_some() {
    char bytes[4096];
    const ssize_t got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return end();
    if (answering_) return;
    head_.append(bytes, static_cast<std::size_t>(got));
    const bool is_whole = head_.find("\r\n\r\n") != std::string::npos;
    if (!is_whole && head_.size() <= limits::held_request_bytes_max) return;
    answering_ = true;
    write_some();
  }

  void write_some() {
    const ssize_t put = ::send(socket_.get(), rest_.data(), rest_.size(), MSG_NOSIGNAL);
    if (put < 0 && errno != EAGAIN && errno != EINTR) return end();
    if (put > 0) rest_.remove_prefix(static_cast<std::size_t>(put));
    if (rest_.empty()) {
      writable_.reset();
      ::shutdown(socket_.get(), SHUT_WR);
      too_long_.start(limits::http_linger_ms);
    } else if (!writable_) {
      writable_ = std::make_unique<Watch>(loop_, socket_.get(), Watch::For::writing, [this] { write_some(); });
    }
  }

  void end() {
    const auto ended = ended_;  // The call destroys this object.
    ended(this);
  }

  Fd socket_;
  std::string head_;
  std::string_view rest_;
  bool answering_ = false;
  std::function<void(const Connection*)> ended_;
  Loop& loop_;
  std::unique_ptr<Watch> readable_;
  std::unique_ptr<Watch> writable_;
  Timer too_long_;
};

HeldResponder::HeldResponder(Loop& loop, const std::vector<Listener>& listeners, const std::string& reason)
    : loop_(loop),
      listeners_(listeners),
      answer_(answer_with(reason)),
      accept_again_(loop, [this] { accept_on(true); }) {
  accept_on(true);
}

HeldResponder::~HeldResponder() = default;

void HeldResponder::accept_on(bool on) {
  watches_.clear();
  if (!on) return;
  for (const Listener& listener : listeners_) {
    const int fd = listener.fd();
    watches_.push_back(std::make_unique<Watch>(loop_, fd, Watch::For::reading, [this, fd] { accept_from(fd); }));
  }
}

// At the limit nothing is accepted until a connection ends; the others wait in the backlog.
void HeldResponder::accept_from(int listener) {
  Fd socket(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.valid()) {
    if (!is_shortage(errno)) return;
    accept_on(false);
    accept_again_.start(limits::held_accept_pause_ms);
    return;
  }
  connections_.push_back(std::make_unique<Connection>(loop_, std::move(socket), answer_,
                                                      [this](const Connection* ended) { forget(ended); }));
  if (connections_.size() >= limits::held_connections_max) accept_on(false);
}

void HeldResponder::forget(const Connection* ended) {
  connections_.remove_if([ended](const auto& connection) { return connection.get() == ended; });
  if (watches_.empty() && !accept_again_.running()) accept_on(true);
}

}  // namespace omenia::supervisor
