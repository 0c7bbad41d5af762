#pragma once
// CurlCall: a call over curl. While nobody takes its pieces the transfer is paused and the sender held back by TCP.

#include <memory>
#include <stop_token>

#include "worker/net/curl_transfers.h"
#include "worker/net/streamed_call.h"

namespace omenia::net {

class CurlCall final : public StreamedCall, private CurlTransfer {
 public:
  CurlCall(Loop& loop, std::shared_ptr<CurlTransfers> transfers, OutboundRequest request, std::stop_token stop);
  ~CurlCall() override;

 private:
  void start() override;
  void drop() override;
  void resume() override;
  bool is_connected() const override;

  Result<void> prepare(std::shared_ptr<const CurlLibrary> curl, CURL* easy) override;
  void ended(CURLcode code) override;
  void failed(Error error) override;
  void wake() override { StreamedCall::wake(); }

  Result<void> write_headers();
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static std::size_t on_head(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);

  std::shared_ptr<CurlTransfers> transfers_;
  std::shared_ptr<const CurlLibrary> curl_;
  CURL* easy_ = nullptr;  // Set while the transfer runs.
  curl_slist* header_lines_ = nullptr;
  char curl_words_[CURL_ERROR_SIZE] = {};
  bool refused_ = false;         // An address, by the request's rule.
  bool head_too_large_ = false;  // Then we have ended the transfer.
};

}  // namespace omenia::net
