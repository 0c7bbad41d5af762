#include "worker/ws/hub.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "shared/base/ensure.h"
#include "shared/json/writer.h"
#include "worker/auth/hosts.h"
#include "worker/ws/session.h"

namespace omenia::ws {

namespace {

std::optional<auth::Scope> required_scope(EventScope scope) {
  switch (scope) {
    case EventScope::read: return auth::Scope::read;
    case EventScope::write: return auth::Scope::write;
    case EventScope::admin: return auth::Scope::admin;
    case EventScope::approvals: return auth::Scope::approvals;
    case EventScope::questions: return auth::Scope::questions;
    case EventScope::pairing: return auth::Scope::pairing;
    case EventScope::talk: return auth::Scope::talk;
    case EventScope::none:
    case EventScope::direct: break;
  }
  return std::nullopt;
}

// A node receives only what is for everybody, whatever scopes it may have been given.
bool may_receive(const Session& session, EventScope scope) {
  const auto required = required_scope(scope);
  return !required || (!session.is_node() && session.scopes().covers(*required));
}

std::string frame_head(const EventRow& row, std::string_view payload, std::string_view extra) {
  std::string text;
  text.reserve(payload.size() + extra.size() + 64);
  text.append(R"({"type":"event","event":")").append(row.name).append(R"(","payload":)");
  return text.append(payload).append(extra);
}

bool wants(const Session& session, Audience audience, const std::string& key) {
  const rpc::Subscriptions& wanted = session.subscriptions();
  switch (audience) {
    case Audience::everyone: return true;
    case Audience::session_followers:
      return !session.client().has_cap("session-scoped-events") || wanted.messages.contains(key);
    case Audience::message_subscribers: return wanted.sessions || wanted.messages.contains(key);
    case Audience::list_subscribers: return wanted.sessions;
    case Audience::tool_watchers: return session.client().has_cap("tool-events") && wanted.messages.contains(key);
  }
  return false;
}

}  // namespace

void Hub::add(Session& session) {
  sessions_.emplace(session.id(), &session);
}

void Hub::remove(Session& session) {
  sessions_.erase(session.id());
  for (auto& [text, late] : late_) late.erase(&session);
}

// A copy to walk over: a connection that is ended on the way leaves the hub.
std::vector<Session*> Hub::connected_now() const {
  std::vector<Session*> all;
  all.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) all.push_back(session);
  return all;
}

bool Hub::is_heard(Event event, Audience audience, const std::string& session_key) const {
  if (listener_ && listens_()) return true;
  const EventScope scope = omenia::row_of(event).scope;
  return std::any_of(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
    return may_receive(*entry.second, scope) && wants(*entry.second, audience, session_key);
  });
}

void Hub::broadcast(Event event, std::string_view payload, Audience audience, const std::string& session_key,
                    std::string_view extra) {
  const EventRow& row = omenia::row_of(event);
  ensure(row.scope != EventScope::direct, "a direct event is told to one connection");
  if (listener_ && listens_()) listener_(event, payload, session_key);
  std::shared_ptr<const std::string> head;
  for (Session* session : connected_now()) {
    if (!may_receive(*session, row.scope) || !wants(*session, audience, session_key)) continue;
    if (!head) head = std::make_shared<const std::string>(frame_head(row, payload, extra));
    session->send_event(head, row.slow_reader);
  }
}

// What is the same for many is written once: the next piece, with the whole text and without.
void Hub::tell(const GrowingText& text, bool last) {
  const EventRow& row = omenia::row_of(text.event);
  const auto key = std::pair(text.event, text.run_id);
  Late late;
  if (auto held = late_.extract(key); !held.empty()) late = std::move(held.mapped());
  std::shared_ptr<const std::string> next[2];
  for (Session* session : connected_now()) {
    if (!may_receive(*session, row.scope) || !wants(*session, Audience::session_followers, text.session_key)) continue;
    const auto left_out = late.find(session);
    const std::size_t from = left_out == late.end() ? text.told_bytes : left_out->second;
    if (from >= text.bytes) continue;
    if (!last && session->is_blocked()) {
      late.emplace(session, from);
      continue;
    }
    const bool whole = !session->client().has_cap("delta-text");
    std::shared_ptr<const std::string> own;
    std::shared_ptr<const std::string>& head = from == text.told_bytes ? next[whole] : own;
    if (!head) head = std::make_shared<const std::string>(frame_head(row, text.payload(from, whole), {}));
    late.erase(session);
    session->send_event(head, row.slow_reader);
  }
  std::erase_if(late, [this](const auto& entry) { return !sessions_.contains(entry.first->id()); });
  if (!last && !late.empty()) late_.emplace(key, std::move(late));
}

bool Hub::is_held_back(Event event, const std::string& run_id) const {
  if (late_.empty()) return false;
  const auto found = late_.find({event, run_id});
  return found != late_.end() && !found->second.empty();
}

bool Hub::send_to(std::string_view connection_id, Event event, std::string_view payload) {
  const auto found = sessions_.find(connection_id);
  if (found == sessions_.end()) return false;
  const EventRow& row = omenia::row_of(event);
  return found->second->send_direct(frame_head(row, payload, "}"), row.slow_reader);
}

void Hub::shut_down(std::string_view reason, std::int64_t restart_expected_ms) {
  JsonWriter payload;
  payload.begin_object().member("reason", reason);
  if (restart_expected_ms > 0) payload.member("restartExpectedMs", restart_expected_ms);
  broadcast(Event::shutdown, payload.end_object().text());
  close_all(1012, "service restart");
}

std::size_t Hub::close_where(const std::function<bool(const Session&)>& holds, int code, std::string_view reason) {
  std::size_t count = 0;
  for (Session* session : connected_now()) {
    if (holds && !holds(*session)) continue;
    session->end(code, reason);
    ++count;
  }
  return count;
}

void Hub::for_each(const std::function<void(const Session&)>& look) const {
  for (const auto& [id, session] : sessions_) look(*session);
}

void Hub::count_pending(const std::string& address, int change) {
  const std::string counted = auth::counted_address(address);
  int& count = pending_[counted];
  count += change;
  if (count <= 0) pending_.erase(counted);
}

int Hub::pending(const std::string& address) const {
  const auto found = pending_.find(auth::counted_address(address));
  return found == pending_.end() ? 0 : found->second;
}

}  // namespace omenia::ws
