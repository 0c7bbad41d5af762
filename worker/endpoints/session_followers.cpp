#include "worker/endpoints/session_followers.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <stop_token>

#include "worker/endpoints/history_page.h"
#include "worker/principal.h"

namespace omenia::endpoints {

struct SessionFollowers::Follower {
  std::shared_ptr<http::Exchange> exchange;
  HistoryPage page;
  std::string session_id;
  std::int64_t last_seq = 0;  // What was told.
  bool reading = false;       // The page is being read again; what happens meanwhile is in it, or read after it.
  bool stale = false;         // Something has happened meanwhile.
  bool ended = false;
  std::optional<std::stop_callback<std::function<void()>>> when_gone;

  void tell(std::string_view event, std::string_view data) {
    std::string text = "event: ";
    exchange->write(text.append(event).append("\ndata: ").append(data).append("\n\n"));
  }
};

namespace {

// The newest page: the first one may have been another.
HistoryPage newest(HistoryPage page) {
  page.before_seq = 0;
  return page;
}

}  // namespace

SessionFollowers::~SessionFollowers() = default;

bool SessionFollowers::full() const {
  return followers_.size() >= limits::session_followers_max;
}

void SessionFollowers::add(std::shared_ptr<http::Exchange> exchange, HistoryPage page, const ReadPage& read) {
  exchange->begin_event_stream();
  exchange->write("retry: 1000\n\n");
  auto follower = std::make_shared<Follower>();
  follower->exchange = std::move(exchange);
  follower->page = std::move(page);
  follower->session_id = read.session_id;
  follower->last_seq = read.last_seq;
  follower->tell("history", read.text);
  // A worker that leaves is not waited for by its clients.
  if (context_.leaving) return follower->exchange->finish();
  followers_.push_back(follower);
  // Not from within: the callback belongs to what it ends.
  follower->when_gone.emplace(follower->exchange->client_gone(), [this, left = std::weak_ptr(follower)] {
    context_.loop.post([this, left] { end(left.lock().get()); });
  });
  read_again(follower);  // What was stored after the page was read and before the session was followed.
  if (!keep_alive_) keep_alive_ = std::make_unique<Timer>(context_.loop, [this] { keep_alive(); });
  if (!keep_alive_->running()) keep_alive_->start_repeating(limits::sse_keep_alive_ms);
}

void SessionFollowers::hear(Event event, std::string_view payload, const std::string& session_key) {
  if (event != Event::session_message && event != Event::sessions_changed) return;
  const auto all = followers_;  // One that ends on the way leaves the list.
  for (const FollowerPointer& follower : all)
    if (follower->page.session_key == session_key) hear(follower, event, payload);
}

void SessionFollowers::hear(const FollowerPointer& follower, Event event, std::string_view payload) {
  if (follower->reading) {
    follower->stale = true;
    return;
  }
  if (!may_read(*follower)) return end(follower.get());
  const auto told = Json::parse(payload);
  if (!told.ok()) return;
  if (event == Event::sessions_changed) {
    const bool is_gone = told.value()["reason"].text() == "delete";
    const std::string_view session_id = told.value()["session"]["sessionId"].text(follower->session_id);
    if (is_gone || session_id != follower->session_id) read_again(follower);
    return;
  }
  const std::int64_t seq = told.value()["messageSeq"].integer();
  if (seq > follower->last_seq + 1) return read_again(follower);  // One was not told here: it was too large, say.
  if (seq <= follower->last_seq) return;
  follower->last_seq = seq;
  follower->tell("message", payload);
}

void SessionFollowers::read_again(const FollowerPointer& follower) {
  follower->reading = true;
  context_.requests.spawn(tell_anew(follower));
}

// Until nothing has happened while it was read.
Task<void> SessionFollowers::tell_anew(FollowerPointer follower) {
  while (!follower->ended) {
    follower->stale = false;
    auto reading = read_page(&context_, newest(follower->page));
    const auto read = co_await std::move(reading);
    if (follower->ended) break;
    if (!read.ok() || !read.value() || !may_read(*follower)) {
      end(follower.get());
      break;
    }
    const ReadPage& page = *read.value();
    if (page.session_id != follower->session_id || page.last_seq != follower->last_seq)
      follower->tell("history", page.text);
    follower->session_id = page.session_id;
    follower->last_seq = page.last_seq;
    if (!follower->stale) break;
  }
  follower->reading = false;
}

// Also looks whether they still may read: nothing may happen in a session for a long time.
void SessionFollowers::keep_alive() {
  const auto all = followers_;
  for (const FollowerPointer& follower : all) {
    if (may_read(*follower)) {
      follower->exchange->write(": keepalive\n\n");
    } else {
      end(follower.get());
    }
  }
  if (followers_.empty()) keep_alive_->stop();
}

bool SessionFollowers::may_read(const Follower& follower) const {
  const http::Request& head = follower.exchange->request();
  return worker::is_still_let_in(context_, head) &&
         worker::principal_of(context_, head).scopes.covers(auth::Scope::read);
}

void SessionFollowers::end(const Follower* follower) {
  const auto found = std::find_if(followers_.begin(), followers_.end(),
                                  [follower](const FollowerPointer& each) { return each.get() == follower; });
  if (found == followers_.end()) return;
  const FollowerPointer ended = *found;
  followers_.erase(found);
  ended->ended = true;
  ended->when_gone.reset();
  ended->exchange->finish();
}

void SessionFollowers::end_all() {
  while (!followers_.empty()) end(followers_.front().get());
}

}  // namespace omenia::endpoints
