#include "tests/bench/crowd.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "shared/json/writer.h"
#include "tests/support/deadline.h"
#include "tests/support/ws_client.h"

namespace omenia::bench {

namespace {

constexpr int events_max = 256;
constexpr std::string_view call_frame = R"({"type":"req","id":"q","method":"health"})";
constexpr std::string_view answer_start = R"({"type":"res","id":"q","ok":true)";
constexpr std::string_view hello_start = R"({"type":"res","id":"c","ok":true)";
constexpr std::string_view challenge_start = R"({"type":"event","event":"connect.challenge")";

// Masked with zeros, as a client must mask and need not hide anything from here.
std::string frame_of(std::string_view text) {
  std::string frame("\x81");
  if (text.size() < 126) {
    frame += static_cast<char>(0x80 | text.size());
  } else {
    frame += '\xfe';
    frame += static_cast<char>(text.size() >> 8);
    frame += static_cast<char>(text.size());
  }
  return frame.append(4, '\0').append(text);
}

// The payload of the first whole frame of `bytes`, which is shortened by it; nothing while it is not all there.
bool take_message(std::string_view& bytes, std::string_view& payload) {
  if (bytes.size() < 2) return false;
  std::size_t size = static_cast<unsigned char>(bytes[1]) & 0x7f;
  std::size_t head = 2;
  if (size >= 126) {
    const std::size_t width = size == 126 ? 2 : 8;
    if (bytes.size() < head + width) return false;
    size = 0;
    for (std::size_t i = 0; i < width; ++i) size = size << 8 | static_cast<unsigned char>(bytes[head + i]);
    head += width;
  }
  if (bytes.size() < head + size) return false;
  payload = bytes.substr(head, size);
  bytes.remove_prefix(head + size);
  return true;
}

std::string hello_frame(const std::string& token) {
  test::Identity identity;
  identity.token = token;
  JsonWriter writer;
  writer.begin_object().member("type", "req").member("id", "c").member("method", "connect");
  return writer.raw_member("params", identity.params()).end_object().take();
}

}  // namespace

void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Crowd::Crowd(int port, const std::string& token)
    : port_(port), hello_(hello_frame(token)), poll_(::epoll_create1(EPOLL_CLOEXEC)) {}

Crowd::~Crowd() = default;

void Crowd::open(Member& member) {
  member.begun_us = steady_us();
  member.state = State::upgrading;
  member.received.clear();
  member.socket = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(member.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ++busy_;
  const int refused = ::connect(member.socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (refused != 0 && errno != EINPROGRESS) return lose(member);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.ptr = &member;
  ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, member.socket.get(), &event);
}

void Crowd::send(const Member& member, std::string_view text) const {
  const std::string frame = frame_of(text);
  ::send(member.socket.get(), frame.data(), frame.size(), MSG_NOSIGNAL);
}

void Crowd::lose(Member& member) {
  if (member.state == State::gone) return;
  member.state = State::gone;
  member.socket.reset();
  ++failures_;
  if (busy_ > 0) --busy_;
}

// False when nothing happens within the time.
bool Crowd::turn(int wait_ms) {
  epoll_event events[events_max];
  const int count = ::epoll_wait(poll_.get(), events, events_max, wait_ms);
  for (int i = 0; i < count; ++i) {
    Member& member = *static_cast<Member*>(events[i].data.ptr);
    if (member.state == State::upgrading && (events[i].events & EPOLLOUT) != 0 && member.received.empty()) {
      constexpr std::string_view request =
          "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
      member.received = " ";  // Asked; the answer comes behind it.
      ::send(member.socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
    }
    if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(member);
  }
  return count > 0;
}

void Crowd::read(Member& member) {
  while (member.state != State::gone && member.socket.valid()) {
    const ssize_t count = ::recv(member.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return lose(member);
    const std::int64_t begun_us = member.begun_us;
    member.received.append(buffer_.data(), static_cast<std::size_t>(count));
    take_bytes(member);
    if (doing_ == Doing::shaking_hands && member.begun_us != begun_us) return;  // Another connection by now.
  }
}

void Crowd::take_bytes(Member& member) {
  if (member.state == State::upgrading) {
    const std::size_t head_end = member.received.find("\r\n\r\n");
    if (head_end == std::string::npos) return;
    if (!member.received.starts_with(" HTTP/1.1 101 ")) return lose(member);
    member.received.erase(0, head_end + 4);
    member.state = State::greeting;
  }
  std::string received = std::move(member.received);
  member.received = {};  // Idle members keep no buffer.
  std::string_view bytes = received;
  std::string_view payload;
  const std::int64_t begun_us = member.begun_us;
  while (take_message(bytes, payload)) {
    message(member, payload);
    if (member.state == State::gone || member.begun_us != begun_us) return;
  }
  if (!bytes.empty()) member.received = std::string(bytes);
}

void Crowd::message(Member& member, std::string_view text) {
  if (member.state == State::greeting) {
    if (text.starts_with(challenge_start)) return send(member, hello_);
    if (text.starts_with(hello_start)) return greeted(member);
    return lose(member);
  }
  if (doing_ == Doing::calling && text.starts_with(answer_start)) return answered(member);
  if (doing_ == Doing::listening && text.starts_with(awaited_) && busy_ > 0) --busy_;
}

void Crowd::greeted(Member& member) {
  member.state = State::connected;
  times_.add(steady_us() - member.begun_us);
  --busy_;
  if (doing_ != Doing::shaking_hands || steady_us() >= end_us_) return;
  open(member);
}

void Crowd::answered(Member& member) {
  times_.add(steady_us() - member.begun_us);
  if (steady_us() >= end_us_) {
    --busy_;
    return;
  }
  member.begun_us = steady_us();
  send(member, call_frame);
}

bool Crowd::grow(std::size_t count, std::size_t at_once, Samples& times) {
  doing_ = Doing::growing;
  times_ = {};
  busy_ = 0;
  while (failures_ == 0 && (members_.size() < count || busy_ > 0)) {
    while (busy_ < at_once && members_.size() < count) {
      members_.push_back(std::make_unique<Member>());
      open(*members_.back());
    }
    if (!turn(test::wait_ms_max)) return false;
  }
  times.add(times_);
  return failures_ == 0;
}

LoadResult Crowd::handshakes(std::size_t lanes, int duration_ms) {
  doing_ = Doing::shaking_hands;
  times_ = {};
  busy_ = 0;
  const std::int64_t start_us = steady_us();
  end_us_ = start_us + std::int64_t{duration_ms} * 1000;
  for (std::size_t i = 0; i < lanes; ++i) {
    members_.push_back(std::make_unique<Member>());
    open(*members_.back());
  }
  while (busy_ > 0 && turn(test::wait_ms_max)) continue;
  const auto elapsed_us = static_cast<double>(steady_us() - start_us);
  return {static_cast<double>(times_.count()) * 1e6 / elapsed_us, times_, failures_ + busy_};
}

LoadResult Crowd::calls(std::size_t connections, int duration_ms) {
  doing_ = Doing::calling;
  times_ = {};
  busy_ = connections;
  const std::int64_t start_us = steady_us();
  end_us_ = start_us + std::int64_t{duration_ms} * 1000;
  for (std::size_t i = 0; i < connections; ++i) {
    members_[i]->begun_us = steady_us();
    send(*members_[i], call_frame);
  }
  while (busy_ > 0 && turn(test::wait_ms_max)) continue;
  const auto elapsed_us = static_cast<double>(steady_us() - start_us);
  return {static_cast<double>(times_.count()) * 1e6 / elapsed_us, times_, failures_ + busy_};
}

std::int64_t Crowd::event_to_all(std::string_view event, std::string_view method, std::string_view params) {
  while (turn(0)) continue;  // What came before is not waited for.
  doing_ = Doing::listening;
  awaited_ = R"({"type":"event","event":")" + std::string(event) + "\"";
  busy_ = members_.size();
  JsonWriter frame;
  frame.begin_object().member("type", "req").member("id", "e").member("method", method).raw_member("params", params);
  const std::int64_t start_us = steady_us();
  send(*members_.front(), frame.end_object().text());
  while (busy_ > 0) {
    if (!turn(test::wait_ms_max)) return -1;
  }
  return failures_ == 0 ? steady_us() - start_us : -1;
}

}  // namespace omenia::bench
