#include "worker/ws/hub.h"

#include <memory>
#include <vector>

#include "shared/json/writer.h"
#include "worker/ws/session.h"

namespace omenia::ws {

namespace {

bool wants(Session& session, Audience audience, const std::string& key) {
  const rpc::Subscriptions& wanted = session.subscriptions();
  switch (audience) {
    case Audience::everyone: return true;
    case Audience::session_followers:
      return !session.client().has_cap("session-scoped-events") || wanted.messages.contains(key);
    case Audience::message_subscribers: return wanted.sessions || wanted.messages.contains(key);
    case Audience::list_subscribers: return wanted.sessions;
  }
  return false;
}

}  // namespace

void Hub::broadcast(Event event, std::string_view payload, Audience audience, const std::string& session_key,
                    std::string_view extra) {
  const EventRow& row = omenia::row_of(event);
  std::shared_ptr<const std::string> head;
  // Over a copy: a connection that is too slow is dropped on the way.
  const std::vector<Session*> receivers(sessions_.begin(), sessions_.end());
  for (Session* session : receivers) {
    if (row.scope == EventScope::read && !session->scopes().covers(auth::Scope::read)) continue;
    if (!wants(*session, audience, session_key)) continue;
    if (!head) {
      std::string text = R"({"type":"event","event":")";
      text.append(row.name).append(R"(","payload":)").append(payload).append(extra);
      head = std::make_shared<const std::string>(std::move(text));
    }
    session->send_event(head, row.slow_reader);
  }
}

void Hub::shut_down(std::string_view reason, std::int64_t restart_expected_ms) {
  JsonWriter payload;
  payload.begin_object().member("reason", reason);
  if (restart_expected_ms > 0) payload.member("restartExpectedMs", restart_expected_ms);
  broadcast(Event::shutdown, payload.end_object().text());
  close_all(1012, "service restart");
}

void Hub::close_all(int code, std::string_view reason) {
  const std::vector<Session*> all(sessions_.begin(), sessions_.end());
  for (Session* session : all) session->end(code, reason);
}

void Hub::count_pending(const std::string& address, int change) {
  int& count = pending_[address];
  count += change;
  if (count <= 0) pending_.erase(address);
}

int Hub::pending(const std::string& address) const {
  const auto found = pending_.find(address);
  return found == pending_.end() ? 0 : found->second;
}

}  // namespace omenia::ws
