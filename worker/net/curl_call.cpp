#include "worker/net/curl_call.h"

#include <sys/socket.h>

#include <utility>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/version.h"
#include "worker/net/curl_failure.h"
#include "worker/net/outbound_failure.h"

namespace omenia::net {

namespace {

// Sets options until one is refused.
class Options {
 public:
  Options(const CurlLibrary& curl, CURL* easy) : curl_(curl), easy_(easy) {}

  template <typename Value>
  void set(CURLoption option, Value value) {
    if (code_ == CURLE_OK) code_ = curl_.easy_setopt(easy_, option, value);
  }
  Result<void> result() const {
    if (code_ == CURLE_OK) return {};
    return fail(ErrorCode::provider_unreachable,
                std::string("libcurl refuses the request: ") + curl_.easy_strerror(code_));
  }

 private:
  const CurlLibrary& curl_;
  CURL* easy_;
  CURLcode code_ = CURLE_OK;
};

}  // namespace

CurlCall::CurlCall(Loop& loop, std::shared_ptr<CurlTransfers> transfers, OutboundRequest request, std::stop_token stop)
    : StreamedCall(loop, std::move(request), std::move(stop)), transfers_(std::move(transfers)) {}

CurlCall::~CurlCall() {
  transfers_->remove(*this);
  if (header_lines_) curl_->slist_free_all(header_lines_);
}

void CurlCall::start() {
  transfers_->add(*this);
}

void CurlCall::drop() {
  transfers_->remove(*this);
  easy_ = nullptr;
}

Result<void> CurlCall::prepare(std::shared_ptr<const CurlLibrary> curl, CURL* easy) {
  curl_ = std::move(curl);
  TRY(write_headers());
  Options options(*curl_, easy);
  options.set(CURLOPT_URL, request().url.c_str());
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_QUICK_EXIT, 1L);  // Ending a transfer does not wait for a name lookup.
  options.set(CURLOPT_TCP_NODELAY, 1L);
  options.set(CURLOPT_TCP_KEEPALIVE, 1L);
  options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (endpoint().is_loopback()) options.set(CURLOPT_PROXY, "");
  options.set(CURLOPT_USERAGENT, (std::string("OmeniaClaw/") + version).c_str());
  options.set(CURLOPT_HTTPHEADER, header_lines_);
  options.set(CURLOPT_ERRORBUFFER, curl_words_);
  options.set(CURLOPT_HEADERFUNCTION, &CurlCall::on_head);
  options.set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  options.set(CURLOPT_WRITEFUNCTION, &CurlCall::on_body);
  options.set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  if (request().method != "GET") {
    options.set(CURLOPT_POSTFIELDS, request().body.c_str());
    options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request().body.size()));
    options.set(CURLOPT_CUSTOMREQUEST, request().method.c_str());
  }
  if (request().may_connect) {
    options.set(CURLOPT_PROXY, "");
    options.set(CURLOPT_FRESH_CONNECT, 1L);  // A connection that stands was made without asking.
    options.set(CURLOPT_FORBID_REUSE, 1L);
    options.set(CURLOPT_OPENSOCKETFUNCTION, &CurlCall::on_socket);
    options.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  }
  TRY(options.result());
  easy_ = easy;
  return {};
}

// Curl connects the socket to that address and no other.
curl_socket_t CurlCall::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& call = *static_cast<CurlCall*>(self);
  if (!call.request().may_connect(address->addr)) {
    call.refused_ = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// `Expect` is cleared: waiting a second for a "100 Continue" that servers do not send helps nobody.
Result<void> CurlCall::write_headers() {
  std::vector<std::string> lines{"Expect:"};
  for (const auto& [name, value] : request().headers) {
    if (!is_sendable(name, value)) return unsendable_header(name);
    lines.push_back(value.empty() ? name + ";" : name + ": " + value);
  }
  for (const std::string& line : lines) header_lines_ = curl_->slist_append(header_lines_, line.c_str());
  return {};
}

void CurlCall::ended(CURLcode code) {
  CURL* easy = std::exchange(easy_, nullptr);
  if (code == CURLE_OK && head_reader().complete()) return finish(std::nullopt);
  if (head_too_large_) return finish(head_too_large(endpoint().text()));
  if (refused_ && code == CURLE_COULDNT_CONNECT)
    return finish(fail(ErrorCode::forbidden, endpoint().text() + " is at an address that may not be connected to"));
  long system_error = 0;
  curl_->easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
  finish(describe({.code = code == CURLE_OK ? CURLE_GOT_NOTHING : code,
                   .system_error = static_cast<int>(system_error),
                   .words = curl_words_[0] ? curl_words_ : curl_->easy_strerror(code),
                   .head_seen = head_reader().complete(),
                   .bytes = body_bytes(),
                   .endpoint = endpoint().text()}));
}

void CurlCall::failed(Error error) {
  easy_ = nullptr;
  finish_aside(std::move(error));
}

// The time at which the request could be sent is set when the connection (with its TLS) stands.
bool CurlCall::is_connected() const {
  curl_off_t sent_at_us = 0;
  if (easy_) curl_->easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &sent_at_us);
  return sent_at_us > 0;
}

// Curl may hand over what it holds within this call: on_body only notes it.
void CurlCall::resume() {
  if (easy_) curl_->easy_pause(easy_, CURLPAUSE_CONT);
}

std::size_t CurlCall::on_head(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& call = *static_cast<CurlCall*>(self);
  call.note_life();
  if (!call.head_reader().take({bytes, size * count}, wall_ms())) {
    call.head_too_large_ = true;
    return 0;
  }
  if (call.head_reader().complete()) call.transfers_->note(call);
  return size * count;
}

std::size_t CurlCall::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& call = *static_cast<CurlCall*>(self);
  if (call.is_full()) return CURL_WRITEFUNC_PAUSE;
  call.note_life();
  call.take({bytes, size * count});
  call.transfers_->note(call);
  return size * count;
}

}  // namespace omenia::net
