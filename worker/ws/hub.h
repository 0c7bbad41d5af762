#pragma once
// Hub: the open connections of the control protocol, and the way of an event to those that may and want to receive it.
// An event is written once, however many receive it; each connection adds its own number.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shared/protocol/events.h"

namespace omenia::ws {

class Session;

// Whom an event about a session is for, beyond what the event's row says.
enum class Audience {
  everyone,
  session_followers,    // Everyone, except connections that want events only of sessions they subscribed to.
  message_subscribers,  // sessions.messages.subscribe of the key, or sessions.subscribe.
  list_subscribers,     // sessions.subscribe.
  tool_watchers,        // Capability tool-events, and sessions.messages.subscribe of the key.
};

// Text of a run that grows, told piece by piece as an event of its own kind.
struct GrowingText {
  Event event;
  const std::string& run_id;
  const std::string& session_key;
  std::size_t told_bytes = 0;  // What earlier pieces have told.
  std::size_t bytes = 0;       // What there is.
  // The event's payload with what is new from this byte on; `whole`: with all of the text as well.
  std::function<std::string(std::size_t from, bool whole)> payload;
};

class Hub {
 public:
  void add(Session& session);
  void remove(Session& session);
  std::size_t connected() const { return sessions_.size(); }

  // Whether anybody would get it, so that an event that nobody hears need not be written.
  bool is_heard(Event event, Audience audience, const std::string& session_key) const;
  // `payload` is JSON text. `extra` are further members of the frame, as ",\"stateVersion\":{...}" or empty.
  void broadcast(Event event, std::string_view payload, Audience audience = Audience::everyone,
                 const std::string& session_key = {}, std::string_view extra = {});

  // Hears every event that is broadcast, before connections do. Must not end one.
  using Listener = std::function<void(Event event, std::string_view payload, const std::string& session_key)>;
  void listen(Listener listener, std::function<bool()> listens) {
    listener_ = std::move(listener);
    listens_ = std::move(listens);
  }

  // A connection with the capability delta-text gets only what is new, any other the whole text too. One that takes
  // nothing at the moment is left out and gets it together with later pieces. `last`: nothing follows, so that what is
  // still held back is sent now.
  void tell(const GrowingText& text, bool last = false);
  bool is_held_back(Event event, const std::string& run_id) const;  // From anybody.

  // To this connection alone, without a number: what a row of scope `direct` describes. False when it is not connected,
  // or takes no more; the latter ends it, unless the row may be left out.
  bool send_to(std::string_view connection_id, Event event, std::string_view payload);

  // Sends `shutdown` as the last event to each and closes them.
  void shut_down(std::string_view reason, std::int64_t restart_expected_ms);

  void close_all(int code, std::string_view reason) { close_where({}, code, reason); }
  // Those for which `holds`, as those of a device that was removed; how many.
  std::size_t close_where(const std::function<bool(const Session&)>& holds, int code, std::string_view reason);

  // Events that were left out for slow readers, all connections together.
  void count_left_out() { ++left_out_; }
  std::int64_t left_out() const { return left_out_; }

  void for_each(const std::function<void(const Session&)>& look) const;

  // Sockets of one address that have not finished connect.
  void count_pending(const std::string& address, int change);
  int pending(const std::string& address) const;

 private:
  std::vector<Session*> connected_now() const;

  Listener listener_;
  std::function<bool()> listens_;                            // Whether it would do anything with an event now.
  std::unordered_map<std::string_view, Session*> sessions_;  // Connected ones, by their id, which they keep.
  std::unordered_map<std::string, int> pending_;
  std::int64_t left_out_ = 0;
  // Who was left out of a text, and what it had been told; by event and run, and only while somebody is.
  using Late = std::unordered_map<const Session*, std::size_t>;
  std::map<std::pair<Event, std::string>, Late> late_;
};

}  // namespace omenia::ws
