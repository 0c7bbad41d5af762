#include "worker/http/exchange.h"

#include <utility>

#include "shared/base/ensure.h"
#include "worker/http/connection.h"

namespace omenia::http {

Exchange::Exchange(Connection* connection, Request request) : connection_(connection), request_(std::move(request)) {}

Exchange::~Exchange() {
  if (!connection_) return;
  if (started_) {
    connection_->abandon_stream();
  } else {
    connection_->answer(error_response(fail(ErrorCode::internal, "internal error")));
  }
}

void Exchange::respond(Response response) {
  ensure(!std::exchange(started_, true), "an exchange is answered once");
  if (auto* connection = std::exchange(connection_, nullptr)) connection->answer(std::move(response));
}

void Exchange::begin_stream(int status, std::vector<Header> headers) {
  ensure(!std::exchange(started_, true), "an exchange is answered once");
  if (connection_) connection_->begin_stream(status, headers);
}

void Exchange::begin_event_stream() {
  begin_stream(200, {{"Content-Type", "text/event-stream; charset=utf-8"},
                     {"Cache-Control", "no-cache"},
                     {"X-Accel-Buffering", "no"}});
}

Sent Exchange::write(std::string_view piece) {
  ensure(started_, "a stream is begun before it is written");
  return connection_ ? connection_->write_piece(piece) : Sent::dropped;
}

void Exchange::finish() {
  ensure(started_, "a stream is begun before it is finished");
  if (auto* connection = std::exchange(connection_, nullptr)) connection->finish_stream();
}

std::stop_token Exchange::client_gone() const {
  if (!gone_.stop_possible()) {
    gone_ = std::stop_source();
    if (left_) gone_.request_stop();
  }
  return gone_.get_token();
}

// A stop callback may destroy this exchange: nothing of it is touched afterwards.
void Exchange::detach() {
  connection_ = nullptr;
  left_ = true;
  auto gone = gone_;
  gone.request_stop();
}

}  // namespace omenia::http
