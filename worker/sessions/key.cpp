#include "worker/sessions/key.h"

#include "shared/base/limits.h"
#include "shared/base/utf8.h"

namespace omenia::sessions {

namespace {

std::string lowered(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return copy;
}

bool is_printable(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return is_utf8(text);
}

Error bad_key(std::string_view why) {
  return fail(ErrorCode::invalid_request, "session key " + std::string(why));
}

// The whole key has to keep to the limit, so that a key that was taken in short can be named in full later.
Result<SessionKey> bounded(SessionKey key) {
  if (key.text.size() > limits::session_key_chars_max)
    return bad_key("is longer than " + std::to_string(limits::session_key_chars_max) + " characters");
  return key;
}

}  // namespace

SessionKey make_key(std::string_view agent_id, std::string_view rest) {
  SessionKey key{{}, lowered(agent_id), lowered(rest)};
  key.text = "agent:" + key.agent_id + ":" + key.rest;
  return key;
}

Result<SessionKey> parse_key(std::string_view text, std::string_view default_agent) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty()) return bad_key("is empty");
  if (!is_printable(text)) return bad_key("holds characters that are not printable UTF-8");
  constexpr std::string_view prefix = "agent:";
  const std::string lower = lowered(text);
  if (!lower.starts_with(prefix)) return bounded(make_key(default_agent, lower));
  const std::string_view tail = std::string_view(lower).substr(prefix.size());
  const auto colon = tail.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == tail.size())
    return bad_key("must have the form agent:<agentId>:<name>");
  return bounded(make_key(tail.substr(0, colon), tail.substr(colon + 1)));
}

bool is_reserved(const SessionKey& key) {
  for (const std::string_view space : {"subagent:", "cron:", "acp:"})
    if (key.rest.starts_with(space)) return true;
  return false;
}

}  // namespace omenia::sessions
