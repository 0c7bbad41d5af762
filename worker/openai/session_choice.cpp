#include "worker/openai/session_choice.h"

#include "shared/base/ids.h"
#include "worker/openai/request_fields.h"

namespace omenia::openai {

Result<SessionChoice> choose_session(const http::Request& request, const std::string& agent_id, std::string_view user,
                                     std::string_view prefix) {
  if (const auto named = request.header("x-OmeniaClaw-session-key"); !named.empty()) {
    TRY_ASSIGN(sessions::SessionKey key, sessions::parse_key(named, agent_id));
    if (sessions::is_reserved(key))
      return invalid("`x-OmeniaClaw-session-key` cannot use reserved internal session namespaces.");
    return SessionChoice{std::move(key), true};
  }
  if (const std::string name = trimmed(user); !name.empty()) {
    auto key = sessions::parse_key("agent:" + agent_id + ":" + std::string(prefix) + "-user:" + name, agent_id);
    if (!key.ok()) return invalid("Invalid `user`: its " + key.error().message);
    return SessionChoice{std::move(key).value(), true};
  }
  return SessionChoice{sessions::make_key(agent_id, std::string(prefix) + ":" + ordered_uuid()), false};
}

}  // namespace omenia::openai
