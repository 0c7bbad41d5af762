#include "worker/hooks/targets.h"

#include <algorithm>

#include "shared/base/ascii.h"
#include "shared/base/ids.h"
#include "shared/config/agents.h"

namespace omenia::hooks {

namespace {

Error invalid(std::string message) {
  return fail(ErrorCode::invalid_request, std::move(message));
}

Result<void> check_agent(const Config& config, const std::string& agent_id) {
  if (!find_agent(config, agent_id)) return invalid("unknown agentId \"" + agent_id + "\"");
  const auto& allowed = config.hooks_agents;
  const auto allows = [&](const std::string& entry) { return entry == "*" || same_but_for_case(entry, agent_id); };
  if (!allowed.empty() && std::none_of(allowed.begin(), allowed.end(), allows))
    return invalid("agentId \"" + agent_id + "\" is not allowed by hooks.allowedAgentIds");
  return {};
}

// Of the key as it was named, and of the one it has become within its agent.
Result<void> check_prefix(const Config& config, const sessions::SessionKey& key) {
  const auto& prefixes = config.hooks_session_prefixes;
  const auto begins = [&](const std::string& prefix) {
    const std::string lower = lowered(prefix);
    const bool names_agent = lower.starts_with("agent:") && lower != "agent:";  // Else it would allow every session.
    return key.rest.starts_with(lower) || (names_agent && key.text.starts_with(lower));
  };
  if (prefixes.empty() || std::any_of(prefixes.begin(), prefixes.end(), begins)) return {};
  std::string list;
  for (const std::string& prefix : prefixes) list += (list.empty() ? "" : ", ") + prefix;
  return invalid("sessionKey must start with one of: " + list);
}

// The session that is named, checked.
Result<sessions::SessionKey> named_session(const worker::Context& context, const TargetWish& wish) {
  const Config& config = *context.config();
  if (wish.chosen_outside && !config.hooks_allow_session_key)
    return invalid(
        "sessionKey is disabled for externally supplied hook payload values; set hooks.allowRequestSessionKey=true to "
        "enable");
  const std::string agent = wish.agent_id.empty() ? context.default_agent() : wish.agent_id;
  TRY_ASSIGN(sessions::SessionKey key, sessions::parse_key(wish.session_key, agent));
  if (!wish.agent_id.empty() && key.agent_id != wish.agent_id)
    return invalid("sessionKey belongs to agent \"" + key.agent_id + "\", not to \"" + wish.agent_id + "\"");
  if (sessions::is_reserved(key)) return invalid("sessionKey is in a namespace of the gateway itself");
  TRY(check_prefix(config, key));
  if (wish.agent_id.empty() && key.agent_id != agent) TRY(check_agent(config, key.agent_id));
  return key;
}

// The agent that is named or the default one, which needs no leave.
Result<std::string> agent_of(const worker::Context& context, const TargetWish& wish) {
  if (wish.agent_id.empty()) return context.default_agent();
  TRY(check_agent(*context.config(), wish.agent_id));
  return wish.agent_id;
}

}  // namespace

Result<sessions::SessionKey> session_of_run(const worker::Context& context, const TargetWish& wish) {
  const Config& config = *context.config();
  TRY_ASSIGN(const std::string agent, agent_of(context, wish));
  if (wish.persistent && wish.session_key.empty())
    return invalid("sessionKey is required when sessionMode is persistent");
  if (wish.persistent && wish.chosen_outside && config.hooks_session_prefixes.empty())
    return invalid("hooks.allowedSessionKeyPrefixes is required when direct hook sessionMode is persistent");
  if (!wish.session_key.empty()) return named_session(context, wish);
  if (!config.hooks_default_session.empty()) {
    TRY_ASSIGN(const sessions::SessionKey key, sessions::parse_key(config.hooks_default_session, agent));
    return wish.agent_id.empty() ? key : sessions::make_key(agent, key.rest);
  }
  return sessions::make_key(agent, "hook:" + ordered_uuid());
}

Result<sessions::SessionKey> session_of_wake(const worker::Context& context, const TargetWish& wish) {
  TRY_ASSIGN(const std::string agent, agent_of(context, wish));
  if (!wish.session_key.empty()) return named_session(context, wish);
  return sessions::make_key(agent, "main");
}

}  // namespace omenia::hooks
