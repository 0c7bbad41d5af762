#include "worker/rpc/call_scopes.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace omenia::rpc {

namespace {

using auth::Scope;
using Names = std::span<const std::string_view>;

constexpr std::string_view shown_settings[] = {
    "label",    "autoLabel", "icon",  "color",        "category",      "boardFace", "boardPresentation", "pinned",
    "archived", "unread",    "model", "agentRuntime", "thinkingLevel", "fastMode",  "permissionMode"};
constexpr std::string_view patch_envelope[] = {"key",
                                               "agentId",
                                               "expectedSessionId",
                                               "expectedLifecycleRevision",
                                               "expectedPermissionMode",
                                               "expectedMarkedUnreadAt"};
constexpr std::string_view privileged_creation[] = {"incognito",      "catalogId", "toolOverrides", "worktree",
                                                    "worktreeSource", "execNode",  "cwd",           "projectGitUrl",
                                                    "repository",     "spawnDepth"};
constexpr std::string_view archived_deletion[] = {"key", "agentId", "deleteTranscript", "expectedSessionId",
                                                  "archivedOnly"};
constexpr std::string_view system_commands[] = {"system.run", "system.run.prepare",       "system.which",
                                                "fs.listDir", "system.execApprovals.get", "system.execApprovals.set"};

bool is_among(std::string_view name, Names names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Scope settings_scope(JsonView settings, Names envelope) {
  for (JsonView member = settings.first(); member; member = member.next())
    if (!is_among(member.name(), shown_settings) && !is_among(member.name(), envelope)) return Scope::admin;
  return settings["permissionMode"].text() == "full" ? Scope::admin : Scope::write;
}

}  // namespace

Scope agent_scope(JsonView params) {
  const std::string_view message = params["message"].text();
  return message.starts_with("/new") || message.starts_with("/reset") ? Scope::admin : Scope::write;
}

Scope sessions_create_scope(JsonView params) {
  for (JsonView member = params.first(); member; member = member.next())
    if (is_among(member.name(), privileged_creation)) return Scope::admin;
  return params["permissionMode"].text() == "full" ? Scope::admin : Scope::write;
}

Scope sessions_patch_scope(JsonView params) {
  return settings_scope(params, patch_envelope);
}

Scope sessions_patch_many_scope(JsonView params) {
  return settings_scope(params["patch"], {});
}

Scope sessions_delete_scope(JsonView params) {
  if (!params["archivedOnly"].boolean()) return Scope::admin;
  for (JsonView member = params.first(); member; member = member.next())
    if (!is_among(member.name(), archived_deletion)) return Scope::admin;
  return Scope::write;
}

Scope node_invoke_scope(JsonView params) {
  const std::string_view command = params["command"].text();
  return command.starts_with("browser.proxy") || is_among(command, system_commands) ? Scope::admin : Scope::write;
}

}  // namespace omenia::rpc
