// What a connection gives out: answers, streams, and the way from one request to the next or to the end.

#include <charconv>
#include <utility>

#include "shared/base/clock.h"
#include "worker/http/connection.h"

namespace omenia::http {

namespace {

bool has_no_body(int status) {
  return status < 200 || status == 204 || status == 304;
}

// The line before a chunk: its size, hexadecimal.
class ChunkSize {
 public:
  explicit ChunkSize(std::size_t bytes) {
    char* end = std::to_chars(text_, text_ + sizeof text_ - 2, bytes, 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    length_ = static_cast<std::size_t>(end - text_);
  }
  std::string_view text() const { return {text_, length_}; }

 private:
  char text_[20];
  std::size_t length_;
};

}  // namespace

void Connection::answer(Response response) {
  using Framing = ResponseHead::Framing;
  closing_ = closing_ || response.close || context_.draining;
  if (asked_.begun_us == 0) begin_asked();  // It was refused before its head was there.
  asked_.status = response.status;
  const bool bodyless = has_no_body(response.status);
  const std::string_view head = context_.head.render({.status = response.status,
                                                      .framing = bodyless ? Framing::no_body : Framing::length,
                                                      .body_bytes = response.body.size(),
                                                      .keep_alive = !closing_},
                                                     response.headers, asked_.headers);
  send({head, bodyless || asked_.head_only ? std::string_view() : response.body});
  complete_answer();
}

void Connection::begin_stream(int status, const std::vector<Header>& headers) {
  using Framing = ResponseHead::Framing;
  closing_ = closing_ || context_.draining;
  asked_.status = status;
  bodyless_ = asked_.head_only || has_no_body(status);
  chunked_ = asked_.http_1_1 && !has_no_body(status);
  const Framing end = asked_.http_1_1 ? Framing::chunked : Framing::connection_end;
  send({context_.head.render(
      {.status = status, .framing = has_no_body(status) ? Framing::no_body : end, .keep_alive = !closing_}, headers,
      asked_.headers)});
}

Sent Connection::write_piece(std::string_view piece) {
  if (socket_.broken()) return Sent::dropped;
  if (piece.empty() || bodyless_) return Sent::sent;
  if (chunked_) {
    send({ChunkSize(piece.size()).text(), piece, "\r\n"});
  } else {
    send({piece});
  }
  if (socket_.broken()) return Sent::dropped;
  const std::size_t queued_bytes = socket_.queued_bytes();
  if (queued_bytes > limits::http_write_buffer_bytes_max) {
    context_.log.warn("Ended a stream to " + peer_.address + ": the client reads too slowly.");
    socket_.reset();
    return Sent::dropped;
  }
  return queued_bytes < limits::http_write_queued_bytes ? Sent::sent : Sent::queued;
}

void Connection::finish_stream() {
  if (chunked_ && !bodyless_) send({"0\r\n\r\n"});
  complete_answer();
}

void Connection::abandon_stream() {
  exchange_ = nullptr;
  tell_answered();
  socket_.reset();
}

void Connection::send(std::initializer_list<std::string_view> parts) {
  const bool was_flowing = socket_.queued_bytes() == 0;
  socket_.write(parts);
  if (was_flowing && socket_.queued_bytes() > 0) watch_progress();
}

// From within a handler nothing more is done here: what follows is for the next turn of the loop.
void Connection::complete_answer() {
  exchange_ = nullptr;
  tell_answered();
  state_ = State::flushing;
  if (!proceeding_) socket_.wake();
}

// The client has some time to take what waits, or to be seen leaving while nothing is read from it.
void Connection::watch_progress() {
  sent_bytes_watched_ = socket_.sent_bytes();
  deadline_.set(socket_.queued_bytes() > 0 ? limits::http_write_stall_ms_max : limits::http_client_check_ms);
}

void Connection::check_progress() {
  if (socket_.queued_bytes() > 0) {
    if (socket_.sent_bytes() == sent_bytes_watched_) return end();
    return watch_progress();
  }
  if (!socket_.reading_paused()) return;
  if (socket_.client_has_left()) return end();
  watch_progress();
}

// When the answer is on its way, whole: the next request, or the end.
void Connection::settle() {
  if (state_ != State::flushing || socket_.queued_bytes() > 0 || socket_.broken()) return;
  if (closing_) return linger();
  await_request();
}

void Connection::await_request() {
  parser_.reset();
  asked_ = {};
  state_ = State::reading_head;
  head_begun_ = false;
  quiet_since_ms_ = steady_ms();
  deadline_.set(context_.draining ? limits::http_drain_quiet_ms : context_.options.keep_alive_idle_ms);
}

void Connection::linger() {
  state_ = State::lingering;
  socket_.finish_sending();
  deadline_.set(limits::http_linger_ms);
}

}  // namespace omenia::http
