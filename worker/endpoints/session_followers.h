#pragma once
// SessionFollowers: HTTP clients that read a session's history and stay to be told what comes next, as a stream of
// events. A stream ends when its client leaves, when it may not read any more, when the session is gone, and when the
// worker leaves: the client comes back to the next one.

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "shared/base/task.h"
#include "shared/loop/loop.h"
#include "shared/protocol/events.h"
#include "worker/http/exchange.h"

namespace omenia::worker {
struct Context;
}

namespace omenia::endpoints {

struct HistoryPage {
  std::string session_key;
  std::int64_t limit = 0;
  std::int64_t before_seq = 0;  // 0: the newest page.
};
struct ReadPage;

class SessionFollowers {
 public:
  explicit SessionFollowers(worker::Context& context) : context_(context) {}
  ~SessionFollowers();
  SessionFollowers(const SessionFollowers&) = delete;
  SessionFollowers& operator=(const SessionFollowers&) = delete;

  // Begins the stream with what was read, and follows the session from there.
  void add(std::shared_ptr<http::Exchange> exchange, HistoryPage page, const ReadPage& read);
  bool empty() const { return followers_.empty(); }
  bool full() const;

  // Every event that is broadcast. Must not end a run or close a connection from within.
  void hear(Event event, std::string_view payload, const std::string& session_key);
  void end_all();

 private:
  struct Follower;
  using FollowerPointer = std::shared_ptr<Follower>;

  void hear(const FollowerPointer& follower, Event event, std::string_view payload);
  void read_again(const FollowerPointer& follower);
  Task<void> tell_anew(FollowerPointer follower);
  void keep_alive();
  bool may_read(const Follower& follower) const;
  void end(const Follower* follower);

  worker::Context& context_;
  std::list<FollowerPointer> followers_;
  std::unique_ptr<Timer> keep_alive_;
};

}  // namespace omenia::endpoints
