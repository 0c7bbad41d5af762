#include "worker/net/plain_call.h"

#include <algorithm>
#include <utility>

#include "shared/base/ascii.h"
#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "shared/base/version.h"
#include "worker/net/outbound_failure.h"

namespace omenia::net {

namespace {

constexpr std::size_t typical_head_bytes = 512;

void add_line(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(value.empty() ? ":" : ": ").append(value).append("\r\n");
}

// How long the body is, and that it is not held back, is said by who sends it.
bool is_ours(std::string_view name) {
  return same_but_for_case(name, "Content-Length") || same_but_for_case(name, "Transfer-Encoding") ||
         same_but_for_case(name, "Expect");
}

// Without the port that every client leaves out.
std::string host_of(const Endpoint& endpoint) {
  std::string host = endpoint.text();
  if (endpoint.port == 80) host.resize(host.rfind(':'));
  return host;
}

}  // namespace

PlainCall::PlainCall(Loop& loop, std::shared_ptr<PlainConnections> connections, PlainTarget target,
                     OutboundRequest request, std::stop_token stop)
    : StreamedCall(loop, std::move(request), std::move(stop)),
      connections_(std::move(connections)),
      target_(std::move(target)),
      answer_(head_reader(), [this](std::string_view body) { take(body); }) {
  connections_->add(*this);
}

PlainCall::~PlainCall() {
  connections_->remove(*this);
}

void PlainCall::start() {
  for (const auto& [name, value] : request().headers)
    if (!is_sendable(name, value)) return finish(unsendable_header(name));
  if (connections_->is_closed()) return finish(shutting_down());
  connection_ = connections_->take(endpoint());
  may_be_stale_ = connection_ != nullptr;
  if (!connection_) return connect();
  connection_->send(head_text(), body(), *this);
}

std::string_view PlainCall::body() const {
  return request().method == "GET" ? std::string_view() : std::string_view(request().body);
}

void PlainCall::connect() {
  connection_ = connections_->make(endpoint());
  if (const int problem = connection_->connect(target_.address); problem != 0)
    return end(not_connected(endpoint().text(), problem));
  connection_->send(head_text(), body(), *this);
}

std::string PlainCall::head_text() const {
  const auto is_given = [this](std::string_view name) {
    return std::any_of(request().headers.begin(), request().headers.end(),
                       [name](const auto& header) { return same_but_for_case(header.first, name); });
  };
  std::string head;
  head.reserve(typical_head_bytes);
  head.append(request().method).append(" ").append(target_.path).append(" HTTP/1.1\r\n");
  if (!is_given("Host")) add_line(head, "Host", host_of(endpoint()));
  if (!is_given("User-Agent")) add_line(head, "User-Agent", std::string("OmeniaClaw/") + version);
  if (!is_given("Accept")) add_line(head, "Accept", "*/*");
  for (const auto& [name, value] : request().headers)
    if (!is_ours(name)) add_line(head, name, value);
  if (request().method != "GET") add_line(head, "Content-Length", std::to_string(request().body.size()));
  head.append("\r\n");
  return head;
}

void PlainCall::drop() {
  connection_.reset();
}

void PlainCall::fail_aside() {
  if (is_over()) return;
  drop();
  finish_aside(shutting_down());
}

void PlainCall::resume() {
  if (connection_) connection_->resume_reading();
}

bool PlainCall::is_connected() const {
  return connection_ && connection_->is_connected();
}

void PlainCall::on_bytes(std::string_view bytes) {
  may_be_stale_ = false;
  const std::size_t waited = half_read_.size();
  read(bytes);
  // What only makes a line longer that says how a body is cut is no sign of life.
  if (!head_reader().complete() || half_read_.size() < waited + bytes.size()) note_life();
  look_at_answer();
  wake();
}

void PlainCall::read(std::string_view bytes) {
  if (half_read_.empty()) {
    half_read_ = bytes.substr(answer_.feed(bytes, wall_ms()));
  } else {
    half_read_.append(bytes);
    half_read_.erase(0, answer_.feed(half_read_, wall_ms()));
  }
}

void PlainCall::look_at_answer() {
  switch (answer_.state()) {
    case AnswerReader::State::reading:
      if (half_read_.size() > limits::outbound_head_bytes_max)
        return end(no_http_server(endpoint().text(), "a line between the parts of its body has no end"));
      if (is_full()) connection_->pause_reading();
      return;
    case AnswerReader::State::complete: return complete();
    case AnswerReader::State::head_too_large: return end(head_too_large(endpoint().text()));
    case AnswerReader::State::broken: return end(no_http_server(endpoint().text(), answer_.problem()));
  }
}

void PlainCall::complete() {
  const bool is_clean = answer_.keeps_connection() && connection_->has_sent_all() && half_read_.empty();
  auto connection = std::move(connection_);
  if (is_clean && connection->is_open()) connections_->keep(std::move(connection));
  finish(std::nullopt);
}

void PlainCall::on_closed(int system_error) {
  if (std::exchange(may_be_stale_, false)) {
    connect();
  } else if (!connection_->is_connected()) {
    end(not_connected(endpoint().text(), system_error));
  } else if (system_error == 0 && answer_.finish()) {
    complete();
  } else {
    end(closed_too_early(endpoint().text(), head_reader().complete(), body_bytes()));
  }
  wake();
}

void PlainCall::end(Error error) {
  drop();
  finish(std::move(error));
}

}  // namespace omenia::net
