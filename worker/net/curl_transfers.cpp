#include "worker/net/curl_transfers.h"

#include <algorithm>
#include <string>
#include <utility>

#include "shared/base/ensure.h"
#include "shared/base/limits.h"
#include "worker/net/outbound_failure.h"

namespace omenia::net {

// A descriptor of curl's that the loop watches.
struct CurlTransfers::Socket {
  ~Socket() {
    if (ready) event_free(ready);
  }
  event* ready = nullptr;
};

CurlTransfers::CurlTransfers(Loop& loop, Logger log)
    : loop_(loop), log_(std::move(log)), timer_(loop, [this] { act(CURL_SOCKET_TIMEOUT, 0); }) {}

CurlTransfers::~CurlTransfers() {
  close();
}

void CurlTransfers::add(CurlTransfer& transfer) {
  if (closed_) {
    transfer.failed(shutting_down());
    return;
  }
  transfers_.emplace(&transfer, nullptr);
  if (curl_) {
    begin(transfer);
  } else {
    load();
  }
}

void CurlTransfers::remove(CurlTransfer& transfer) {
  std::erase(noted_, &transfer);
  const auto found = transfers_.find(&transfer);
  if (found == transfers_.end()) return;
  CURL* easy = found->second;
  transfers_.erase(found);
  if (easy) release(easy);
}

void CurlTransfers::note(CurlTransfer& transfer) {
  if (std::find(noted_.begin(), noted_.end(), &transfer) == noted_.end()) noted_.push_back(&transfer);
}

void CurlTransfers::load() {
  if (curl_ || loading_ || closed_) return;
  loading_ = true;
  loader_ = std::jthread([&loop = loop_, weak = weak_from_this()] {
    auto library = std::make_shared<Result<std::shared_ptr<const CurlLibrary>>>(CurlLibrary::load());
    loop.post([weak, library] {
      if (const auto self = weak.lock()) self->loaded(std::move(*library));
    });
  });
}

void CurlTransfers::loaded(Result<std::shared_ptr<const CurlLibrary>> library) {
  loading_ = false;
  if (closed_) return;
  std::vector<CurlTransfer*> waiting;
  for (const auto& [transfer, easy] : transfers_) waiting.push_back(transfer);
  if (library.ok()) {
    curl_ = std::move(library).value();
    open_multi();
    for (CurlTransfer* transfer : waiting) begin(*transfer);
  } else {
    log_.error(library.error().message);
    for (CurlTransfer* transfer : waiting) end(*transfer, library.error());
  }
  wake_noted();
}

void CurlTransfers::open_multi() {
  multi_ = curl_->multi_init();
  ensure(multi_, "curl makes a multi handle");
  curl_->multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlTransfers::on_socket);
  curl_->multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_->multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlTransfers::on_timer);
  curl_->multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_->multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(limits::outbound_connections_kept_max));
  curl_->multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

void CurlTransfers::begin(CurlTransfer& transfer) {
  CURL* easy = nullptr;
  if (idle_.empty()) {
    easy = curl_->easy_init();
    ensure(easy, "curl makes an easy handle");
  } else {
    easy = idle_.back();
    idle_.pop_back();
  }
  curl_->easy_setopt(easy, CURLOPT_PRIVATE, static_cast<void*>(&transfer));
  transfers_[&transfer] = easy;
  if (auto prepared = transfer.prepare(curl_, easy); !prepared.ok()) return end(transfer, std::move(prepared).error());
  if (const CURLMcode added = curl_->multi_add_handle(multi_, easy); added != CURLM_OK)
    return end(transfer, fail(ErrorCode::internal, "curl refuses a transfer, code " + std::to_string(added)));
  send_now();
}

// Sends what can be sent, instead of in the loop's next turn. Who has to be woken because of that is woken there.
void CurlTransfers::send_now() {
  int running = 0;
  curl_->multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  collect_ended();
  if (noted_.empty()) return;
  loop_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->wake_noted();
  });
}

void CurlTransfers::end(CurlTransfer& transfer, Error error) {
  transfer.failed(std::move(error));
  remove(transfer);
  note(transfer);
}

// Nothing of this object may be touched after waking: who is woken may have let go of the last reference but `keep`.
void CurlTransfers::act(curl_socket_t socket, int events) {
  const auto keep = shared_from_this();
  if (!multi_) return;
  int running = 0;
  curl_->multi_socket_action(multi_, socket, events, &running);
  collect_ended();
  wake_noted();
}

void CurlTransfers::collect_ended() {
  int left = 0;
  while (const CURLMsg* message = curl_->multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    char* owner = nullptr;
    curl_->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
    auto& transfer = *reinterpret_cast<CurlTransfer*>(owner);
    transfer.ended(code);
    remove(transfer);
    note(transfer);
  }
}

void CurlTransfers::wake_noted() {
  const auto keep = shared_from_this();
  while (!noted_.empty()) {
    CurlTransfer* transfer = noted_.front();
    noted_.pop_front();
    transfer->wake();
  }
}

void CurlTransfers::release(CURL* easy) {
  curl_->multi_remove_handle(multi_, easy);
  if (idle_.size() < limits::outbound_handles_kept_max) {
    curl_->easy_reset(easy);
    idle_.push_back(easy);
  } else {
    curl_->easy_cleanup(easy);
  }
}

void CurlTransfers::close() {
  if (std::exchange(closed_, true)) return;
  if (loader_.joinable()) loader_.join();
  while (!transfers_.empty()) {
    CurlTransfer& transfer = *transfers_.begin()->first;
    transfer.failed(shutting_down());
    remove(transfer);
  }
  noted_.clear();
  timer_.stop();
  for (CURL* easy : idle_) curl_->easy_cleanup(easy);
  idle_.clear();
  if (multi_) curl_->multi_cleanup(std::exchange(multi_, nullptr));
}

void CurlTransfers::watch(curl_socket_t socket, int what, Socket* known) {
  if (what == CURL_POLL_REMOVE) {
    delete known;
    curl_->multi_assign(multi_, socket, nullptr);
    return;
  }
  if (!known) {
    known = new Socket;
    curl_->multi_assign(multi_, socket, known);
  }
  const int wanted = (what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0);
  if (known->ready) event_free(known->ready);
  known->ready =
      event_new(loop_.base(), socket, static_cast<short>(wanted | EV_PERSIST), &CurlTransfers::on_ready, this);
  event_add(known->ready, nullptr);
}

int CurlTransfers::on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  static_cast<CurlTransfers*>(self)->watch(socket, what, static_cast<Socket*>(known));
  return 0;
}

int CurlTransfers::on_timer(CURLM*, long delay_ms, void* self) {
  auto& timer = static_cast<CurlTransfers*>(self)->timer_;
  if (delay_ms < 0) {
    timer.stop();
  } else {
    timer.start(delay_ms);
  }
  return 0;
}

void CurlTransfers::on_ready(evutil_socket_t socket, short events, void* self) {
  const int what = (events & EV_READ ? CURL_CSELECT_IN : 0) | (events & EV_WRITE ? CURL_CSELECT_OUT : 0);
  static_cast<CurlTransfers*>(self)->act(socket, what);
}

}  // namespace omenia::net
