#include "tests/bench/streams.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "shared/base/fd.h"
#include "tests/support/mock_behaviour.h"
#include "tests/support/socket.h"

namespace omenia::bench {

namespace {

constexpr int events_max = 64;
constexpr std::string_view end_mark = "data: [DONE]";

struct Stream {
  explicit Stream(int port) : socket(port) {}
  test::Socket socket;
  std::string received;  // What is not looked at yet.
  std::int64_t asked_us = 0;
  bool has_text = false;
};

// The first stamp in the text and the place behind it; npos when there is none.
struct Stamp {
  std::size_t end = std::string::npos;
  std::int64_t time_us = 0;
};
Stamp stamp_in(const std::string& text) {
  constexpr const char* digits = "0123456789";
  for (std::size_t at = text.find_first_of(digits); at != std::string::npos; at = text.find_first_of(digits, at)) {
    const std::size_t end = std::min(text.find_first_not_of(digits, at), text.size());
    if (end == text.size()) break;  // It may go on.
    if (end - at == test::mock_stamp.size()) return {end, std::strtoll(text.c_str() + at, nullptr, 10)};
    at = end;
  }
  return {};
}

class Streams {
 public:
  Streams(int port, const std::string& request)
      : port_(port), request_(request), poll_(::epoll_create1(EPOLL_CLOEXEC)) {}

  StreamResult run(int streams, int duration_ms) {
    end_us_ = steady_us() + std::int64_t{duration_ms} * 1000;
    for (int i = 0; i < streams; ++i) {
      streams_.push_back(std::make_unique<Stream>(port_));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = streams_.back().get();
      ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, streams_.back()->socket.descriptor(), &event);
      ask(*streams_.back());
    }
    while (waiting_ > 0 && steady_us() < end_us_ + std::int64_t{test::wait_ms_max} * 1000) turn();
    result_.failures += waiting_;
    return std::move(result_);
  }

 private:
  void ask(Stream& stream) {
    stream.asked_us = steady_us();
    if (stream.asked_us >= end_us_) return;
    stream.has_text = false;
    stream.socket.send(request_);
    ++waiting_;
  }

  void turn() {
    epoll_event events[events_max];
    const int count = ::epoll_wait(poll_.get(), events, events_max, test::wait_ms_max);
    for (int i = 0; i < count; ++i) read(*static_cast<Stream*>(events[i].data.ptr));
  }

  void read(Stream& stream) {
    if (stream.socket.receive(stream.received) != test::Received::data) {
      stream.socket.close();
      ++result_.failures;
      --waiting_;
      return;
    }
    const std::int64_t now_us = steady_us();
    for (Stamp stamp = stamp_in(stream.received); stamp.time_us > 0; stamp = stamp_in(stream.received)) {
      if (!stream.has_text) result_.first.add(now_us - stream.asked_us);
      stream.has_text = true;
      result_.pieces.add(now_us - stamp.time_us);
      stream.received.erase(0, stamp.end);
    }
    // The end of the chunked body comes with the last event.
    const std::size_t end = stream.received.find(end_mark);
    if (end == std::string::npos || stream.received.find("\r\n0\r\n\r\n", end) == std::string::npos) return;
    --waiting_;
    if (!stream.has_text) ++result_.failures;
    stream.received.clear();
    ask(stream);
  }

  int port_;
  const std::string& request_;
  Fd poll_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::int64_t end_us_ = 0;
  std::size_t waiting_ = 0;
  StreamResult result_;
};

}  // namespace

StreamResult run_streams(int port, const std::string& request, int streams, int duration_ms) {
  return Streams(port, request).run(streams, duration_ms);
}

}  // namespace omenia::bench
