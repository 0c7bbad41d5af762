#pragma once
// StreamedCall: what every request under way is, however its bytes travel: a head, pieces that fill a bounded buffer
// until somebody takes them, deadlines, an end from either side. Who sends and receives derives from it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "shared/base/pending.h"
#include "shared/loop/loop.h"
#include "worker/net/outbound.h"
#include "worker/net/outbound_deadline.h"
#include "worker/net/outbound_endpoint.h"
#include "worker/net/outbound_head.h"

namespace omenia::net {

class StreamedCall : public OutboundCall {
 public:
  StreamedCall(const StreamedCall&) = delete;
  StreamedCall& operator=(const StreamedCall&) = delete;

  void begin(Result<Endpoint> endpoint);
  void end_within(std::int64_t time_ms);  // Sets a last deadline, counted from now.
  bool is_over() const { return over_; }  // Nothing more comes than what is here.

  Task<Result<OutboundHead>> head() override;
  Task<Result<std::string>> piece() override;

 protected:
  StreamedCall(Loop& loop, OutboundRequest request, std::stop_token stop);

  // Sends the request.
  virtual void start() = 0;
  // Ends the transfer at once, without a word of it.
  virtual void drop() = 0;
  // There is room for more of the body again.
  virtual void resume() = 0;
  // The request could be sent.
  virtual bool is_connected() const = 0;

  const OutboundRequest& request() const { return request_; }
  const Endpoint& endpoint() const { return endpoint_; }

  // What the transfer reports. It wakes nobody: wake() does, and may destroy this call.
  void note_life();                         // Bytes came.
  void take(std::string_view body);         // A part of the answer's body.
  bool is_full();                           // Then nothing more is to be taken until resume().
  void finish(std::optional<Error> error);  // Nothing: the answer is complete.
  void finish_aside(Error error);           // And wakes who waits in the loop's next turn.
  void wake();

  OutboundHeadReader& head_reader() { return head_; }
  std::size_t body_bytes() const { return body_bytes_; }

 private:
  // Ends the call when its caller's stop token asks for it.
  struct Stopper {
    StreamedCall* call;
    void operator()() const { call->stop_now(); }
  };

  Pending<bool> change();
  void stop_now();
  void on_timer();
  void watch_deadlines();
  void resume_sender();

  OutboundRequest request_;
  std::stop_token stop_;
  Endpoint endpoint_;
  OutboundHeadReader head_;
  std::string unread_;
  std::size_t body_bytes_ = 0;
  bool over_ = false;
  std::optional<Error> error_;  // Why it is over, unless the answer is complete.
  OutboundProgress progress_;
  std::optional<Resolver<bool>> waiting_;
  Timer timer_;
  std::optional<std::stop_callback<Stopper>> on_stop_;
};

}  // namespace omenia::net
