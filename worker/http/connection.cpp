// What a connection takes in: bytes, heads, bodies, deadlines, the end. What it gives out is in
// connection_answer.cpp.

#include "worker/http/connection.h"

#include <algorithm>
#include <utility>

#include "shared/base/clock.h"
#include "shared/protocol/plain_on_tls.h"
#include "worker/http/handshake.h"

namespace omenia::http {

namespace {
constexpr std::size_t kept_bytes_idle = 4 * limits::KiB;  // An idle connection holds no more.
constexpr int client_left = 499;
}  // namespace

Connection::Connection(ConnectionContext& context, Fd fd, Peer peer)
    : context_(context),
      peer_(std::move(peer)),
      deadline_(context.loop, [this] { on_deadline(); }),
      socket_(context.loop, std::move(fd), context.read_buffer, *this, context.options.tls),
      quiet_since_ms_(steady_ms()) {
  const int head_ms_max = context.options.head_ms_max;
  deadline_.set(context.options.tls ? std::min(head_ms_max, limits::tls_handshake_ms_max) : head_ms_max);
}

Connection::~Connection() = default;

void Connection::on_bytes(std::string_view bytes) {
  const auto self = shared_from_this();
  proceed(bytes);
}

void Connection::on_flushed() {
  const auto self = shared_from_this();
  proceed({});
}

void Connection::on_woken() {
  const auto self = shared_from_this();
  proceed({});
}

// A client that has its whole answer on the way may have finished sending and still read.
void Connection::on_end() {
  const auto self = shared_from_this();
  if (socket_.broken() || state_ != State::flushing) return end();
  closing_ = true;
}

void Connection::on_plain_text() {
  const auto self = shared_from_this();
  refuse(text_response(400, std::string(plain_on_tls_text)));
  proceed({});
}

void Connection::on_deadline() {
  const auto self = shared_from_this();
  switch (state_) {
    case State::reading_head:
      if (!head_begun_) return end_unless_asked();
      return refuse(fail(ErrorCode::body_timeout, "Request head timeout"));
    case State::reading_body: return refuse(fail(ErrorCode::body_timeout, "Request body timeout"));
    case State::delaying: return answer(std::move(*std::exchange(delayed_refusal_, nullptr)));
    case State::handling:
    case State::flushing: return check_progress();
    case State::lingering: return end();
    case State::ended: return;
  }
}

// On a late loop a deadline comes before the request that was in time.
void Connection::end_unless_asked() {
  if (!socket_.has_unread()) return end();
  deadline_.set(limits::http_drain_quiet_ms);
}

void Connection::end() {
  if (socket_.tls() && !socket_.tls()->problem().empty() && context_.log.enabled(LogLevel::debug))
    context_.log.debug("TLS with " + peer_.address + " failed: " + socket_.tls()->problem());
  const State was = std::exchange(state_, State::ended);
  if (was == State::ended) return;
  if (was == State::handling || was == State::delaying) tell_answered();
  deadline_.clear();
  socket_.close();
  context_.ended(*this);
  if (auto* exchange = std::exchange(exchange_, nullptr)) exchange->detach();
}

void Connection::drain() {
  if (state_ != State::reading_head || head_begun_) return;
  const std::int64_t quiet_ms = steady_ms() - quiet_since_ms_;
  deadline_.set(std::max<std::int64_t>(0, limits::http_drain_quiet_ms - quiet_ms));
}

// Everything that can go on goes on: the answer that was waiting to be sent, then the next requests. `fresh` is what
// was received just now, behind what is kept.
void Connection::proceed(std::string_view fresh) {
  if (socket_.broken()) return end();
  proceeding_ = true;
  settle();
  if (kept_.empty()) {
    const std::size_t used = consume(fresh);
    kept_.assign(fresh.substr(used));
  } else {
    kept_.append(fresh);
    kept_.erase(0, consume(kept_));
  }
  proceeding_ = false;
  regulate_reading();
}

// Reads requests from `bytes` as long as none is being answered; says how many bytes are done with. The handler may
// have ended the connection and destroyed the server when it returns.
std::size_t Connection::consume(std::string_view bytes) {
  std::size_t used = 0;
  while (is_reading() && used < bytes.size()) {
    const Parser::Step step = parser_.feed(bytes.substr(used));
    used += step.consumed;
    switch (step.progress) {
      case Parser::Progress::more: note_head_begun(); return used;
      case Parser::Progress::head: take_head(bytes.substr(used)); break;
      case Parser::Progress::message: dispatch(); break;
      case Parser::Progress::refused: refuse(parser_.refusal()); break;
    }
    settle();
  }
  const bool thrown_away = state_ == State::lingering || state_ == State::ended;
  return thrown_away ? bytes.size() : used;
}

void Connection::note_head_begun() {
  if (state_ != State::reading_head || head_begun_ || !parser_.has_begun()) return;
  head_begun_ = true;
  deadline_.set(context_.options.head_ms_max);
}

// While an answer is pending we go on reading, to see the client leave; but only so much.
void Connection::regulate_reading() {
  if (state_ == State::ended) return;
  if (kept_.empty() && kept_.capacity() > kept_bytes_idle) kept_.shrink_to_fit();
  if (is_reading() || kept_.size() < limits::http_pipelined_bytes_max) return socket_.resume_reading();
  socket_.pause_reading();
  if (state_ == State::handling) watch_progress();
}

void Connection::take_head(std::string_view rest) {
  Request& head = parser_.request();
  head.peer = peer_;
  begin_asked();
  asked_.http_1_1 = parser_.is_http_1_1();
  asked_.head_only = head.method == "HEAD";
  head.id = asked_.id;
  closing_ = !asked_.http_1_1 || parser_.asks_to_close();
  if (head.method == "CONNECT") return end();
  if (parser_.asks_to_upgrade()) return upgrade(rest);
  if (!meets_expectation()) return refuse(Response{.status = 417});
  take_admission(context_.handler.admit(head));
}

void Connection::begin_asked() {
  asked_ = {};
  asked_.begun_us = steady_us();
  asked_.id = context_.ids.choose(parser_.request().header("X-Request-Id"));
  asked_.headers.push_back({"X-Request-Id", asked_.id});
}

// Once for each request.
void Connection::tell_answered() {
  const std::int64_t begun_us = std::exchange(asked_.begun_us, 0);
  if (begun_us == 0) return;
  context_.handler.answered({.id = asked_.id,
                             .address = peer_.address,
                             .tag = asked_.tag,
                             .status = asked_.status == 0 ? client_left : asked_.status,
                             .took_us = steady_us() - begun_us});
}

// A client that waits for the permission to send its body gets it before anything is decided about the request.
bool Connection::meets_expectation() {
  const std::string_view expected = parser_.request().header("Expect");
  if (expected.empty() || !asked_.http_1_1) return true;
  if (!same_token(expected, "100-continue")) return false;
  if (parser_.has_body()) socket_.write({"HTTP/1.1 100 Continue\r\n\r\n"});
  return true;
}

void Connection::take_admission(Admission admission) {
  if (state_ == State::ended) return;
  asked_.tag = admission.tag;
  asked_.body_refusal = admission.body_refusal;
  for (Header& header : admission.headers) asked_.headers.push_back(std::move(header));
  if (admission.refusal) {
    closing_ = closing_ || parser_.has_body();
    if (admission.refusal_delay_ms <= 0) return answer(std::move(*admission.refusal));
    state_ = State::delaying;
    delayed_refusal_ = std::make_unique<Response>(std::move(*admission.refusal));
    return deadline_.set(admission.refusal_delay_ms);
  }
  if (!parser_.has_body()) return dispatch();
  if (const auto allowed = parser_.limit_body(admission.body_bytes_max); !allowed.ok()) return refuse(allowed.error());
  state_ = State::reading_body;
  deadline_.set(context_.options.body_ms_max);
}

void Connection::dispatch() {
  state_ = State::handling;
  deadline_.clear();
  auto exchange = std::make_shared<Exchange>(this, std::move(parser_.request()));
  exchange_ = exchange.get();
  context_.handler.handle(std::move(exchange));
}

// The socket leaves as it is: requests are answered one at a time, so nothing of ours waits to be sent.
void Connection::upgrade(std::string_view rest) {
  const Request& head = parser_.request();
  if (auto refusal = check_upgrade(head, parser_.has_body())) return refuse(std::move(*refusal));
  auto refusal = context_.handler.admit_upgrade(head);
  if (state_ == State::ended) return;
  if (refusal) return refuse(std::move(*refusal));
  Handler& handler = context_.handler;
  Socket::Released released = socket_.release();
  Upgrade handed{std::move(parser_.request()), {}, std::string(rest)};
  if (released.tls) {
    TlsRelays::Relayed relayed = context_.relays.add(std::move(released));
    handed.socket = std::move(relayed.plain_end);
    handed.taken_bytes = std::move(relayed.taken_bytes);
  } else {
    handed.socket = std::move(released.fd);
  }
  end();
  if (!handed.socket.valid()) return;  // There was no descriptor for the relay.
  handler.upgrade(std::move(handed));
}

void Connection::refuse(const Error& error) {
  if (context_.log.enabled(LogLevel::debug)) {
    context_.log.debug("Refused a request from " + peer_.address + ": " + error.message);
  }
  refuse(asked_.body_refusal ? asked_.body_refusal(error) : error_response(error));
}

// The request was not read to its end, or must not be: no other can follow.
void Connection::refuse(Response response) {
  closing_ = true;
  answer(std::move(response));
}

}  // namespace omenia::http
