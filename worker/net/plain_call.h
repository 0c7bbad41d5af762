#pragma once
// PlainCall: a call over a TCP connection of our own, for a model server on this machine: there the way through curl
// is a third of what a model call costs us. A kept connection that the server has closed meanwhile is replaced, once,
// as long as nothing came over it.

#include <memory>
#include <stop_token>
#include <string>

#include "worker/net/answer_reader.h"
#include "worker/net/plain_connections.h"
#include "worker/net/plain_target.h"
#include "worker/net/streamed_call.h"

namespace omenia::net {

class PlainCall final : public StreamedCall, private PlainConnection::Owner {
 public:
  PlainCall(Loop& loop, std::shared_ptr<PlainConnections> connections, PlainTarget target, OutboundRequest request,
            std::stop_token stop);
  ~PlainCall() override;

  void fail_aside();  // The gateway is shutting down.

 private:
  void start() override;
  void drop() override;
  void resume() override;
  bool is_connected() const override;

  void on_bytes(std::string_view bytes) override;
  void on_closed(int system_error) override;

  void connect();
  std::string head_text() const;
  std::string_view body() const;
  void read(std::string_view bytes);
  void look_at_answer();
  void complete();
  void end(Error error);

  std::shared_ptr<PlainConnections> connections_;
  PlainTarget target_;
  std::unique_ptr<PlainConnection> connection_;  // Null when the call is over.
  bool may_be_stale_ = false;                    // The connection stood before, and nothing came over it yet.
  AnswerReader answer_;
  std::string half_read_;  // Bytes that mean something only with what follows.
};

}  // namespace omenia::net
