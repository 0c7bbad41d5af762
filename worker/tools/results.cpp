// What the handlers of tools share: the form of a result, and the session that a call may name.

#include "shared/base/ensure.h"
#include "worker/tools/handlers.h"

namespace omenia::tools {

Json result_of(std::string_view text, std::string_view details) {
  auto parsed = Json::parse(details);
  ensure(parsed.ok(), "a tool writes its details as JSON");
  Json part = Json::object();
  part.set("type", Json::of("text"));
  part.set("text", Json::of(text));
  Json content = Json::array();
  content.push(std::move(part));
  Json result = Json::object();
  result.set("content", std::move(content));
  result.set("details", std::move(parsed).value());
  return result;
}

Json result_of(std::string_view details) {
  auto parsed = Json::parse(details);
  ensure(parsed.ok(), "a tool writes its details as JSON");
  return result_of(parsed.value().dump_pretty(), details);
}

Error no_such_session(std::string_view name) {
  return fail(ErrorCode::not_found, "Session not found: " + std::string(name));
}

Result<sessions::SessionKey> named_session(const ToolCall& call, std::string_view name) {
  if (name.empty()) return call.session;
  TRY_ASSIGN(sessions::SessionKey key, sessions::parse_key(name, call.session.agent_id));
  if (!call.sees_all_sessions && key.text != call.session.text) return no_such_session(name);
  return key;
}

}  // namespace omenia::tools
