#pragma once
// CurlCall: one request under way, an OutboundCall over curl. Pieces that nobody takes fill a bounded buffer, then the
// transfer is paused and the sender held back by TCP.

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "shared/base/pending.h"
#include "shared/loop/loop.h"
#include "worker/net/curl_transfers.h"
#include "worker/net/outbound.h"
#include "worker/net/outbound_deadline.h"
#include "worker/net/outbound_endpoint.h"
#include "worker/net/outbound_head.h"

namespace omenia::net {

class CurlCall final : public OutboundCall, private CurlTransfer {
 public:
  CurlCall(Loop& loop, std::shared_ptr<CurlTransfers> transfers, OutboundRequest request, std::stop_token stop);
  ~CurlCall() override;
  CurlCall(const CurlCall&) = delete;
  CurlCall& operator=(const CurlCall&) = delete;

  void begin();
  void end_within(std::int64_t time_ms);  // Sets a last deadline, counted from now.

  Task<Result<OutboundHead>> head() override;
  Task<Result<std::string>> piece() override;

 private:
  Result<void> prepare(std::shared_ptr<const CurlLibrary> curl, CURL* easy) override;
  void ended(CURLcode code) override;
  void failed(Error error) override;
  void wake() override;

  Pending<bool> change();
  void finish(std::optional<Error> error);
  void end_now(Error error);  // From outside curl; who waits is woken in the loop's next turn.
  void on_timer();
  void watch_deadlines();
  void resume_sender();
  bool connected() const;

  Result<void> write_headers();
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static std::size_t on_head(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);

  std::shared_ptr<CurlTransfers> transfers_;
  OutboundRequest request_;
  std::stop_token stop_;
  Endpoint endpoint_;

  std::shared_ptr<const CurlLibrary> curl_;
  CURL* easy_ = nullptr;  // Set while the transfer runs.
  curl_slist* header_lines_ = nullptr;
  char curl_words_[CURL_ERROR_SIZE] = {};

  OutboundHeadReader head_;
  std::string unread_;
  std::size_t body_bytes_ = 0;
  bool refused_ = false;  // An address, by the request's rule.
  bool over_ = false;
  std::optional<Error> error_;  // Why it is over, unless the answer is complete.
  OutboundProgress progress_;

  std::optional<Resolver<bool>> waiting_;
  Timer timer_;
  std::unique_ptr<std::stop_callback<std::function<void()>>> on_stop_;
};

}  // namespace omenia::net
