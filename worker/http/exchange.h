#pragma once
// Exchange: one request and the way to answer it, whole or as a stream. It outlives its connection safely: when the
// client is gone, writes are dropped and `client_gone` is set, so a handler that awaits something needs no other care.

#include <functional>
#include <memory>
#include <stop_token>
#include <string_view>

#include "worker/http/message.h"

namespace omenia::http {

enum class Sent { sent, queued, dropped };  // dropped: the client is gone or reads too slowly.

class Connection;

class Exchange {
 public:
  Exchange(Connection* connection, Request request);
  ~Exchange();  // An exchange that was never answered is answered 500.
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  const Request& request() const { return request_; }
  Request& request() { return request_; }

  // The whole answer. Exactly one of respond() and begin_stream() is called, once. No call from here on down calls
  // the handler (but for `answered`), a stop callback or anything else of its caller's back.
  void respond(Response response);

  // Status and headers at once, then pieces as they come, then the end. Chunked for HTTP/1.1, closed at its end
  // for 1.0.
  void begin_stream(int status, std::vector<Header> headers);
  // The same for server-sent events; a proxy that would collect them is told not to.
  void begin_event_stream();
  Sent write(std::string_view piece);
  void finish();

  // Requested when the client has closed or reset the connection.
  std::stop_token client_gone() const;

  void detach();  // By the connection, when it ends first.

 private:
  Connection* connection_;  // Null once the client is gone or the answer is complete.
  Request request_;
  mutable std::stop_source gone_{std::nostopstate};  // Made when somebody asks for it.
  bool left_ = false;                                // The client, before the answer was complete.
  bool started_ = false;
};

}  // namespace omenia::http
