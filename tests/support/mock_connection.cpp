#include "tests/support/mock_connection.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <strings.h>

#include <cstdlib>

#include "shared/base/clock.h"

namespace omenia::test {

namespace {

std::size_t content_length(const std::string& head) {
  constexpr std::string_view name = "content-length:";
  for (std::size_t line = head.find("\r\n"); line != std::string::npos; line = head.find("\r\n", line + 2)) {
    if (::strncasecmp(head.c_str() + line + 2, name.data(), name.size()) != 0) continue;
    return std::strtoul(head.c_str() + line + 2 + name.size(), nullptr, 10);
  }
  return 0;
}

std::string head_of(const MockAnswer& answer) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Mock\r\nContent-Type: " + answer.content_type +
                     "\r\n" + answer.headers;
  if (answer.streamed) return head + "Transfer-Encoding: chunked\r\n\r\n";
  std::size_t length = 0;
  for (const auto& piece : answer.pieces) length += piece.size();
  return head + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

std::string stamped(std::string piece) {
  const std::size_t place = piece.find(mock_stamp);
  if (place == std::string::npos) return piece;
  std::string time = std::to_string(steady_us());
  time.insert(0, mock_stamp.size() - time.size(), '0');
  return piece.replace(place, mock_stamp.size(), time);
}

std::string framed(const MockAnswer& answer, const std::string& piece) {
  if (!answer.streamed) return piece;
  char size[24];
  const int length = std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
  return std::string(size, static_cast<std::size_t>(length)) + piece + "\r\n";
}

}  // namespace

MockConnection::MockConnection(Loop& loop, int fd, const Callbacks& callbacks)
    : callbacks_(callbacks),
      buffer_(bufferevent_socket_new(loop.base(), fd, BEV_OPT_CLOSE_ON_FREE)),
      pace_(loop, [this] { release_piece(); }) {
  bufferevent_setcb(buffer_, on_read, nullptr, on_event, this);
  bufferevent_enable(buffer_, EV_READ | EV_WRITE);
}

MockConnection::~MockConnection() {
  bufferevent_free(buffer_);
}

void MockConnection::on_read(bufferevent* buffer, void* self) {
  auto* connection = static_cast<MockConnection*>(self);
  evbuffer* input = bufferevent_get_input(buffer);
  const std::size_t size = evbuffer_get_length(input);
  const std::size_t start = connection->received_.size();
  connection->received_.resize(start + size);
  evbuffer_remove(input, connection->received_.data() + start, size);
  connection->read_requests();
}

void MockConnection::on_written(bufferevent*, void* self) {
  auto* connection = static_cast<MockConnection*>(self);
  connection->busy_ = false;
  connection->close();
}

void MockConnection::on_event(bufferevent*, short what, void* self) {
  if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0) static_cast<MockConnection*>(self)->close();
}

void MockConnection::read_requests() {
  MockRequest request;
  while (!busy_ && take_request(request)) {
    MockAnswer answer = mock_answer(request.method, request.target, request.body);
    callbacks_.received(std::move(request));
    begin(std::move(answer));
    request = {};
  }
}

bool MockConnection::take_request(MockRequest& request) {
  const std::size_t head_end = received_.find("\r\n\r\n");
  if (head_end == std::string::npos) return false;
  request.head = received_.substr(0, head_end + 2);
  const std::size_t length = content_length(request.head);
  if (received_.size() < head_end + 4 + length) return false;
  request.body = received_.substr(head_end + 4, length);
  received_.erase(0, head_end + 4 + length);
  const std::size_t method_end = request.head.find(' ');
  const std::size_t target_end = request.head.find(' ', method_end + 1);
  request.method = request.head.substr(0, method_end);
  request.target = request.head.substr(method_end + 1, target_end - method_end - 1);
  return true;
}

void MockConnection::begin(MockAnswer answer) {
  answer_ = std::move(answer);
  next_ = 0;
  busy_ = true;
  if (answer_.ending == Ending::stall && answer_.pieces.empty()) return;
  const std::string head = head_of(answer_);
  bufferevent_write(buffer_, head.data(), head.size());
  switch (answer_.pace) {
    case Pace::slow: pace_.start_repeating(answer_.piece_ms); return;
    case Pace::gated: return;
    case Pace::at_once: break;
  }
  while (next_ < answer_.pieces.size()) write_piece();
  finish();
}

void MockConnection::write_piece() {
  const std::string& next = answer_.pieces[next_];
  const std::string piece = framed(answer_, answer_.stamped ? stamped(next) : next);
  bufferevent_write(buffer_, piece.data(), piece.size());
  if (!answer_.endless || next_ + 1 < answer_.pieces.size()) ++next_;
}

void MockConnection::release_piece() {
  write_piece();
  if (next_ == answer_.pieces.size()) finish();
}

void MockConnection::finish() {
  pace_.stop();
  if (answer_.ending == Ending::stall) return;
  if (answer_.ending == Ending::drop) {
    bufferevent_setcb(buffer_, on_read, on_written, on_event, this);
    return;
  }
  if (answer_.streamed) bufferevent_write(buffer_, "0\r\n\r\n", 5);
  busy_ = false;
}

void MockConnection::close() {
  pace_.stop();
  bufferevent_disable(buffer_, EV_READ | EV_WRITE);
  callbacks_.closed(*this, busy_);
}

}  // namespace omenia::test
