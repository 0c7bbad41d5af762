#include "worker/net/curl_call.h"

#include <sys/socket.h>

#include <utility>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "shared/base/version.h"
#include "worker/net/curl_failure.h"

namespace omenia::net {

namespace {

Error aborted() {
  return fail(ErrorCode::run_aborted, "the request was ended before its answer was complete");
}

bool has_control_character(std::string_view text) {
  for (const unsigned char c : text)
    if ((c < 0x20 && c != '\t') || c == 0x7f) return true;
  return false;
}

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
    : transfers_(std::move(transfers)),
      request_(std::move(request)),
      stop_(std::move(stop)),
      timer_(loop, [this] { on_timer(); }) {}

CurlCall::~CurlCall() {
  on_stop_.reset();
  transfers_->remove(*this);
  if (header_lines_) curl_->slist_free_all(header_lines_);
}

void CurlCall::begin() {
  if (stop_.stop_requested()) return finish(aborted());
  auto endpoint = parse_endpoint(request_.url);
  if (!endpoint.ok()) return finish(std::move(endpoint).error());
  endpoint_ = std::move(endpoint).value();
  progress_.started_ms = steady_ms();
  on_stop_ = std::make_unique<std::stop_callback<std::function<void()>>>(stop_, [this] { end_now(aborted()); });
  watch_deadlines();
  transfers_->add(*this);
}

void CurlCall::end_within(std::int64_t time_ms) {
  if (over_) return;
  request_.deadlines = Deadlines{.total_ms = steady_ms() - progress_.started_ms + time_ms};
  watch_deadlines();
}

Task<Result<OutboundHead>> CurlCall::head() {
  while (!head_.complete() && !over_) {
    auto changed = change();
    co_await std::move(changed);
  }
  if (stop_.stop_requested()) co_return aborted();
  if (head_.complete()) co_return head_.head();
  co_return *error_;
}

Task<Result<std::string>> CurlCall::piece() {
  while (unread_.empty() && !over_) {
    auto changed = change();
    co_await std::move(changed);
  }
  if (stop_.stop_requested()) co_return aborted();
  if (!unread_.empty()) {
    std::string piece = std::exchange(unread_, {});
    resume_sender();
    co_return piece;
  }
  if (error_) co_return *error_;
  co_return std::string();
}

Pending<bool> CurlCall::change() {
  Pending<bool> pending;
  waiting_.emplace(pending.resolver());
  return pending;
}

void CurlCall::wake() {
  if (!waiting_) return;
  const Resolver<bool> waiting = *std::exchange(waiting_, std::nullopt);
  waiting.resolve(true);  // Who is resumed may destroy this call.
}

Result<void> CurlCall::prepare(std::shared_ptr<const CurlLibrary> curl, CURL* easy) {
  curl_ = std::move(curl);
  TRY(write_headers());
  Options options(*curl_, easy);
  options.set(CURLOPT_URL, request_.url.c_str());
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_QUICK_EXIT, 1L);  // Ending a transfer does not wait for a name lookup.
  options.set(CURLOPT_TCP_NODELAY, 1L);
  options.set(CURLOPT_TCP_KEEPALIVE, 1L);
  options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (endpoint_.is_loopback()) options.set(CURLOPT_PROXY, "");
  options.set(CURLOPT_USERAGENT, (std::string("OmeniaClaw/") + version).c_str());
  options.set(CURLOPT_HTTPHEADER, header_lines_);
  options.set(CURLOPT_ERRORBUFFER, curl_words_);
  options.set(CURLOPT_HEADERFUNCTION, &CurlCall::on_head);
  options.set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  options.set(CURLOPT_WRITEFUNCTION, &CurlCall::on_body);
  options.set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  if (request_.method != "GET") {
    options.set(CURLOPT_POSTFIELDS, request_.body.c_str());
    options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    options.set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
  if (request_.may_connect) {
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
  if (!call.request_.may_connect(address->addr)) {
    call.refused_ = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// `Expect` is cleared: waiting a second for a "100 Continue" that servers do not send helps nobody.
Result<void> CurlCall::write_headers() {
  std::vector<std::string> lines{"Expect:"};
  for (const auto& [name, value] : request_.headers) {
    if (name.empty() || has_control_character(name) || has_control_character(value))
      return fail(ErrorCode::provider_auth,
                  "the request header \"" + name +
                      "\" cannot be sent: it is empty or holds a line break or another control character");
    lines.push_back(value.empty() ? name + ";" : name + ": " + value);
  }
  for (const std::string& line : lines) header_lines_ = curl_->slist_append(header_lines_, line.c_str());
  return {};
}

void CurlCall::ended(CURLcode code) {
  if (code == CURLE_OK && head_.complete()) return finish(std::nullopt);
  if (error_) return finish(std::move(error_));
  if (refused_ && code == CURLE_COULDNT_CONNECT)
    return finish(fail(ErrorCode::forbidden, endpoint_.text() + " is at an address that may not be connected to"));
  long system_error = 0;
  curl_->easy_getinfo(easy_, CURLINFO_OS_ERRNO, &system_error);
  finish(describe({.code = code == CURLE_OK ? CURLE_GOT_NOTHING : code,
                   .system_error = static_cast<int>(system_error),
                   .words = curl_words_[0] ? curl_words_ : curl_->easy_strerror(code),
                   .head_seen = head_.complete(),
                   .bytes = body_bytes_,
                   .endpoint = endpoint_.text()}));
}

void CurlCall::failed(Error error) {
  finish(std::move(error));
  timer_.start(0);
}

void CurlCall::finish(std::optional<Error> error) {
  over_ = true;
  error_ = std::move(error);
  easy_ = nullptr;
  timer_.stop();
}

void CurlCall::end_now(Error error) {
  if (!over_) {
    transfers_->remove(*this);
    finish(std::move(error));
  }
  timer_.start(0);
}

// Wakes who waits, when the call is over; else looks after the deadlines. The timer is not moved with every piece: when
// it fires it is set again for what is left.
void CurlCall::on_timer() {
  if (over_) return wake();
  progress_.connected = connected();
  const std::int64_t now_ms = steady_ms();
  if (const auto broken = broken_deadline(request_.deadlines, progress_, now_ms)) {
    transfers_->remove(*this);
    finish(fail(ErrorCode::provider_timeout, endpoint_.text() + " " + *broken));
    return wake();
  }
  watch_deadlines();
}

void CurlCall::watch_deadlines() {
  if (const auto delay = next_deadline_in_ms(request_.deadlines, progress_, steady_ms())) timer_.start(*delay);
}

// The time at which the request could be sent is set when the connection (with its TLS) stands.
bool CurlCall::connected() const {
  curl_off_t sent_at_us = 0;
  if (easy_) curl_->easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &sent_at_us);
  return sent_at_us > 0;
}

// Curl may hand over what it holds within this call: on_body only notes it.
void CurlCall::resume_sender() {
  if (!progress_.held_back || !easy_) return;
  progress_.held_back = false;
  progress_.last_piece_ms = steady_ms();
  watch_deadlines();
  curl_->easy_pause(easy_, CURLPAUSE_CONT);
}

std::size_t CurlCall::on_head(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& call = *static_cast<CurlCall*>(self);
  call.progress_.last_piece_ms = steady_ms();
  if (!std::exchange(call.progress_.head_begun, true)) call.watch_deadlines();
  if (!call.head_.take({bytes, size * count}, wall_ms())) {
    call.error_ = fail(ErrorCode::provider_broken, call.endpoint_.text() + " sends a head of more than " +
                                                       std::to_string(limits::outbound_head_bytes_max) + " bytes");
    return 0;
  }
  if (call.head_.complete()) call.transfers_->note(call);
  return size * count;
}

std::size_t CurlCall::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& call = *static_cast<CurlCall*>(self);
  if (call.unread_.size() >= limits::outbound_buffer_bytes_max) {
    call.progress_.held_back = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  call.progress_.last_piece_ms = steady_ms();
  call.unread_.append(bytes, size * count);
  call.body_bytes_ += size * count;
  call.transfers_->note(call);
  return size * count;
}

}  // namespace omenia::net
