#pragma once
// Hub: the open connections of the control protocol, and the way of an event to those that may and want to receive it.
// An event is written once, however many receive it; each connection adds its own number.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
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
};

class Hub {
 public:
  void add(Session& session);
  void remove(Session& session);
  std::size_t connected() const { return sessions_.size(); }

  // `payload` is JSON text. `extra` are further members of the frame, as ",\"stateVersion\":{...}" or empty.
  void broadcast(Event event, std::string_view payload, Audience audience = Audience::everyone,
                 const std::string& session_key = {}, std::string_view extra = {});

  // To this connection alone, without a number: what a row of scope `direct` describes. False when it is not connected,
  // or takes no more.
  bool send_to(std::string_view connection_id, Event event, std::string_view payload);

  // Sends `shutdown` as the last event to each and closes them.
  void shut_down(std::string_view reason, std::int64_t restart_expected_ms);

  void close_all(int code, std::string_view reason) { close_where({}, code, reason); }
  // Those for which `holds`, as those of a device that was removed; how many.
  std::size_t close_where(const std::function<bool(const Session&)>& holds, int code, std::string_view reason);

  // Sockets of one address that have not finished connect.
  void count_pending(const std::string& address, int change);
  int pending(const std::string& address) const;

 private:
  std::vector<Session*> connected_now() const;

  std::unordered_map<std::string_view, Session*> sessions_;  // Connected ones, by their id, which they keep.
  std::unordered_map<std::string, int> pending_;
};

}  // namespace omenia::ws
