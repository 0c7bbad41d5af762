#include "tests/bench/relay.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <map>
#include <thread>

#include "shared/base/ensure.h"
#include "shared/base/fd.h"
#include "tests/support/socket.h"

namespace omenia::bench {

namespace {

constexpr int backlog = 64;
constexpr std::size_t read_bytes = 65536;

Fd listener_on_loopback() {
  Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ensure(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
             ::listen(listener.get(), backlog) == 0,
         "a port of loopback is free");
  return listener;
}

int port_of(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

}  // namespace

class Relay::Thread {
 public:
  explicit Thread(int upstream_port) : upstream_port_(upstream_port) {
    watch(listener_.get());
    watch(end_.get());
    thread_ = std::thread([this] { run(); });
  }
  ~Thread() {
    ::eventfd_write(end_.get(), 1);
    thread_.join();
  }
  int port() const { return port_of(listener_.get()); }

 private:
  struct Pair {
    Fd client;
    test::Socket upstream;
  };

  void watch(int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, descriptor, &event);
  }

  void run() {
    while (true) {
      epoll_event event{};
      if (::epoll_wait(poll_.get(), &event, 1, -1) != 1) continue;
      if (event.data.fd == end_.get()) return;
      if (event.data.fd == listener_.get()) {
        accept();
      } else {
        hand_on(event.data.fd);
      }
    }
  }

  void accept() {
    auto pair = std::make_shared<Pair>(Fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)),
                                       test::Socket(upstream_port_));
    for (const int end : {pair->client.get(), pair->upstream.descriptor()}) {
      const int at_once = 1;
      ::setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      pairs_[end] = pair;
      watch(end);
    }
  }

  void hand_on(int from) {
    const auto pair = pairs_.at(from);
    const int to = from == pair->client.get() ? pair->upstream.descriptor() : pair->client.get();
    const ssize_t got = ::recv(from, buffer_, read_bytes, 0);
    if (got > 0 && ::send(to, buffer_, static_cast<std::size_t>(got), MSG_NOSIGNAL) == got) return;
    pairs_.erase(from);
    pairs_.erase(to);
  }

  int upstream_port_;
  Fd listener_ = listener_on_loopback();
  Fd end_{::eventfd(0, EFD_CLOEXEC)};
  Fd poll_{::epoll_create1(EPOLL_CLOEXEC)};
  std::map<int, std::shared_ptr<Pair>> pairs_;  // By the descriptor of either end.
  char buffer_[read_bytes];
  std::thread thread_;
};

Relay::Relay(int upstream_port) : thread_(std::make_unique<Thread>(upstream_port)) {}
Relay::~Relay() = default;

int Relay::port() const {
  return thread_->port();
}

}  // namespace omenia::bench
