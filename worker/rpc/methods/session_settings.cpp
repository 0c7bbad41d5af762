#include "worker/rpc/methods/session_settings.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace omenia::rpc::methods {

namespace {

constexpr std::string_view envelope[] = {"key",
                                         "agentId",
                                         "expectedSessionId",
                                         "expectedLifecycleRevision",
                                         "expectedPermissionMode",
                                         "expectedSandboxMode",
                                         "expectedNativeRuntimeConsent",
                                         "expectedToolOverrides",
                                         "expectedMarkedUnreadAt"};
constexpr std::string_view look_names[] = {"autoLabel",         "icon",       "color",     "boardFace",
                                           "boardPresentation", "statusNote", "attention", "parentSessionKey"};
constexpr std::string_view thinking_levels[] = {"off", "minimal", "low", "medium", "high"};
constexpr std::size_t look_text_bytes_max = 512;

template <std::size_t count>
bool is_among(std::string_view name, const std::string_view (&names)[count]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

Result<void> read_look(JsonView member, SessionSettings& settings) {
  if (member.text().size() > look_text_bytes_max)
    return fail(ErrorCode::invalid_request, std::string(member.name()) + " is too long");
  settings.look.emplace_back(member.name(), member.dump());
  return {};
}

Result<void> read_thinking(JsonView member, SessionSettings& settings) {
  if (!member.is_null() && !is_among(member.text(), thinking_levels))
    return fail(ErrorCode::invalid_request, "thinkingLevel must be off, minimal, low, medium or high");
  settings.thinking_level = member.text();
  return {};
}

Result<void> read_model(JsonView member, const worker::Context& context, SessionSettings& settings) {
  settings.model.emplace();
  if (member.is_null()) return {};
  TRY_ASSIGN(const auto choice, context.catalog->find(member.text()));
  settings.model = choice.name();
  return {};
}

// A setting that is switched off is one that a session has without asking.
Result<void> refuse_unless_off(JsonView member) {
  const bool off = member.is_null() || (member.is_bool() && !member.boolean()) || member.text() == "off";
  if (off) return {};
  return fail(ErrorCode::invalid_request, std::string(member.name()) + " is not available in this release");
}

Result<void> read_setting(JsonView member, const worker::Context& context, SessionSettings& settings) {
  const std::string_view name = member.name();
  if (is_among(name, envelope)) return {};
  if (is_among(name, look_names)) return read_look(member, settings);
  if (name == "model") return read_model(member, context, settings);
  if (name == "thinkingLevel") return read_thinking(member, settings);
  if (name == "label") {
    settings.label = member.text();
  } else if (name == "category") {
    settings.category = member.text();
  } else if (name == "archived") {
    settings.archived = member.boolean();
  } else if (name == "pinned") {
    settings.pinned = member.boolean();
  } else if (name == "unread") {
    settings.unread = member.boolean();
  } else {
    return refuse_unless_off(member);
  }
  return {};
}

template <typename T>
void take(const std::optional<T>& wanted, T& into) {
  if (wanted) into = *wanted;
}

}  // namespace

Result<SessionSettings> SessionSettings::read(JsonView settings, const worker::Context& context) {
  SessionSettings read;
  for (JsonView member = settings.first(); member; member = member.next()) TRY(read_setting(member, context, read));
  return read;
}

Result<void> SessionSettings::apply_to(state::SessionRow& row) const {
  take(label, row.label);
  take(category, row.category);
  take(model, row.model_override);
  take(thinking_level, row.thinking_level);
  take(archived, row.archived);
  take(pinned, row.pinned);
  take(unread, row.unread);
  if (look.empty()) return {};
  TRY_ASSIGN(Json shown, Json::parse(row.look));
  for (const auto& [name, text] : look) {
    TRY_ASSIGN(Json value, Json::parse(text));
    shown.remove(name);
    if (!value.view().is_null()) shown.set(name, std::move(value));
  }
  row.look = shown.dump();
  return {};
}

SessionExpectations SessionExpectations::read(JsonView params) {
  return {std::string(params["expectedSessionId"].text()), std::string(params["expectedLifecycleRevision"].text()),
          params["expectedSessionUpdatedAt"].integer(-1)};
}

Result<void> SessionExpectations::check(const state::SessionRow& row) const {
  const bool same = (session_id.empty() || session_id == row.session_id) &&
                    (revision.empty() || revision == row.session_id) &&
                    (updated_ms < 0 || updated_ms == row.updated_ms);
  if (same) return {};
  return fail(ErrorCode::invalid_request, "session " + row.key + " changed meanwhile; read it again");
}

}  // namespace omenia::rpc::methods
