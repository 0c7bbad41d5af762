#include "tests/support/mock_upstream.h"

#include <arpa/inet.h>
#include <event2/listener.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <thread>

#include "shared/base/ensure.h"
#include "tests/support/deadline.h"

namespace omenia::test {

struct MockUpstream::State {
  Loop loop;
  evconnlistener* listener = nullptr;
  int port = 0;
  MockConnection::Callbacks callbacks;
  std::vector<std::unique_ptr<MockConnection>> connections;  // In the order in which they came.
  int pieces_allowed = 0;
  mutable std::mutex mutex;  // Guards what tests read: `requests` and `broken_off`.
  std::vector<MockRequest> requests;
  std::size_t broken_off = 0;
  std::thread thread;

  void listen(int wanted_port);
  void accept(int fd);
  void close(MockConnection& connection, bool unfinished);
  void pass_gate();
};

void MockUpstream::State::listen(int wanted_port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(wanted_port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto accepted = [](evconnlistener*, int fd, sockaddr*, int, void* self) {
    static_cast<State*>(self)->accept(fd);
  };
  listener = evconnlistener_new_bind(loop.base(), accepted, this,
                                     LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1,
                                     reinterpret_cast<sockaddr*>(&address), sizeof address);
  ensure(listener != nullptr, "the mock can listen on its port");
  socklen_t size = sizeof address;
  ::getsockname(evconnlistener_get_fd(listener), reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
}

void MockUpstream::State::accept(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connections.push_back(std::make_unique<MockConnection>(loop, fd, callbacks));
}

void MockUpstream::State::close(MockConnection& connection, bool unfinished) {
  if (unfinished) {
    const std::lock_guard lock(mutex);
    ++broken_off;
  }
  const auto is_it = [&](const auto& other) { return other.get() == &connection; };
  const auto found = std::find_if(connections.begin(), connections.end(), is_it);
  // Destroyed after the connection's own functions have returned.
  loop.post([owned = std::shared_ptr<MockConnection>(std::move(*found))] {});
  connections.erase(found);
}

void MockUpstream::State::pass_gate() {
  for (std::size_t i = 0; i < connections.size() && pieces_allowed > 0;) {
    if (!connections[i]->waits_at_gate()) {
      ++i;
      continue;
    }
    --pieces_allowed;
    connections[i]->release_piece();
  }
}

MockUpstream::MockUpstream(int port, bool records_requests) : state_(std::make_unique<State>()) {
  State* state = state_.get();
  state->callbacks.received = [state, records_requests](MockRequest request) {
    state->loop.post([state] { state->pass_gate(); });
    if (!records_requests) return;
    const std::lock_guard lock(state->mutex);
    state->requests.push_back(std::move(request));
  };
  state->callbacks.closed = [state](MockConnection& connection, bool unfinished) {
    state->close(connection, unfinished);
  };
  state->listen(port);
  state->thread = std::thread([state] { state->loop.run(); });
}

MockUpstream::~MockUpstream() {
  state_->loop.post([state = state_.get()] { state->loop.stop(); });
  state_->thread.join();
  evconnlistener_free(state_->listener);
  state_->connections.clear();
}

int MockUpstream::port() const {
  return state_->port;
}

std::vector<MockRequest> MockUpstream::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests;
}

bool MockUpstream::wait_for_requests(std::size_t count) const {
  return eventually([&] {
    const std::lock_guard lock(state_->mutex);
    return state_->requests.size() >= count;
  });
}

bool MockUpstream::wait_for_broken_off(std::size_t count) const {
  return eventually([&] {
    const std::lock_guard lock(state_->mutex);
    return state_->broken_off >= count;
  });
}

void MockUpstream::release(int pieces) {
  state_->loop.post([state = state_.get(), pieces] {
    state->pieces_allowed += pieces;
    state->pass_gate();
  });
}

void MockUpstream::open_gate() {
  release(std::numeric_limits<int>::max() / 2);
}

}  // namespace omenia::test
