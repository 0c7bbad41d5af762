#include "tests/bench/load.h"

#include <strings.h>
#include <sys/epoll.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "shared/base/fd.h"
#include "tests/support/socket.h"

namespace omenia::bench {

namespace {

constexpr int events_max = 64;

struct Caller {
  explicit Caller(int port) : socket(port) {}
  test::Socket socket;
  std::string received;
  std::int64_t asked_us = 0;
};

// Bytes of the first whole answer in `received`; 0 while it is not all there.
std::size_t whole_answer(const std::string& received) {
  const std::size_t head_end = received.find("\r\n\r\n");
  if (head_end == std::string::npos) return 0;
  constexpr std::string_view name = "content-length:";
  for (std::size_t line = received.find("\r\n"); line < head_end; line = received.find("\r\n", line + 2)) {
    if (::strncasecmp(received.c_str() + line + 2, name.data(), name.size()) != 0) continue;
    const std::size_t length = std::strtoul(received.c_str() + line + 2 + name.size(), nullptr, 10);
    return received.size() >= head_end + 4 + length ? head_end + 4 + length : 0;
  }
  return head_end + 4;
}

class Load {
 public:
  Load(int port, const std::string& request) : port_(port), request_(request), poll_(::epoll_create1(EPOLL_CLOEXEC)) {}

  LoadResult run(int connections, int duration_ms) {
    for (int i = 0; i < connections; ++i) connect();
    const std::int64_t start_us = steady_us();
    end_us_ = start_us + std::int64_t{duration_ms} * 1000;
    for (auto& caller : callers_) ask(*caller);
    while (waiting_ > 0 && steady_us() < end_us_ + std::int64_t{test::wait_ms_max} * 1000) turn();
    const auto elapsed_us = static_cast<double>(steady_us() - start_us);
    result_.failures += static_cast<std::size_t>(waiting_);
    result_.per_second = static_cast<double>(result_.times.count()) * 1e6 / elapsed_us;
    return std::move(result_);
  }

 private:
  void connect() {
    callers_.push_back(std::make_unique<Caller>(port_));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = callers_.back().get();
    ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, callers_.back()->socket.descriptor(), &event);
  }

  void ask(Caller& caller) {
    caller.asked_us = steady_us();
    if (caller.asked_us >= end_us_) return;
    caller.socket.send(request_);
    ++waiting_;
  }

  void turn() {
    epoll_event events[events_max];
    const int count = ::epoll_wait(poll_.get(), events, events_max, test::wait_ms_max);
    for (int i = 0; i < count; ++i) read(*static_cast<Caller*>(events[i].data.ptr));
  }

  void read(Caller& caller) {
    if (caller.socket.receive(caller.received) != test::Received::data) {
      ++result_.failures;
      --waiting_;
      caller.socket.close();
      return;
    }
    const std::size_t size = whole_answer(caller.received);
    if (size == 0) return;
    --waiting_;
    if (caller.received.starts_with("HTTP/1.1 200 ")) {
      result_.times.add(steady_us() - caller.asked_us);
    } else {
      ++result_.failures;
    }
    caller.received.erase(0, size);
    ask(caller);
  }

  int port_;
  const std::string& request_;
  Fd poll_;
  std::vector<std::unique_ptr<Caller>> callers_;
  std::int64_t end_us_ = 0;
  int waiting_ = 0;
  LoadResult result_;
};

}  // namespace

LoadResult run_load(int port, const std::string& request, int connections, int duration_ms) {
  return Load(port, request).run(connections, duration_ms);
}

}  // namespace omenia::bench
