// Parameters of the methods that make sessions and set what they are.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);

// Which session is meant, and what it is thought to be.
constexpr Field target_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"expectedSessionId", text},
    {"expectedLifecycleRevision", text},
    {.name = "expectedPermissionMode", .type = string, .allowed = "read-only|guarded|workspace|full", .nullable = true},
    {.name = "expectedSandboxMode", .type = string, .allowed = "off", .nullable = true},
    {.name = "expectedNativeRuntimeConsent", .type = text, .nullable = true},
    {.name = "expectedToolOverrides", .type = object, .nullable = true},
    {.name = "expectedMarkedUnreadAt", .type = number, .min = 0, .nullable = true},
};
constexpr Shape target{target_fields};

constexpr Field settings_fields[] = {
    {.name = "label", .type = string, .max = 512, .nullable = true},
    {.name = "autoLabel", .type = string, .max = 512, .nullable = true},
    {.name = "icon", .type = string, .nullable = true},
    {.name = "color", .type = string, .nullable = true},
    {.name = "category", .type = string, .max = 512, .nullable = true},
    {.name = "boardFace", .type = string, .allowed = "chat|dashboard"},
    {.name = "boardPresentation", .type = string, .allowed = "split|expanded", .nullable = true},
    {.name = "statusNote", .type = string, .max = 120, .nullable = true},
    {.name = "attention", .type = string, .allowed = "hand|key|alert|flag|lock|hourglass", .nullable = true},
    {.name = "ttlMinutes", .type = integer, .min = 1, .max = 120},
    {"archived", boolean},
    {"pinned", boolean},
    {"unread", boolean},
    {.name = "contextWindow", .type = text, .nullable = true},
    {.name = "thinkingLevel", .type = text, .nullable = true},
    {.name = "fastMode", .type = any, .nullable = true},
    {.name = "toolOverrides", .type = object, .nullable = true},
    {.name = "verboseLevel", .type = text, .nullable = true},
    {.name = "traceLevel", .type = text, .nullable = true},
    {.name = "reasoningLevel", .type = text, .nullable = true},
    {.name = "responseUsage", .type = string, .allowed = "off|tokens|full|on", .nullable = true},
    {.name = "elevatedLevel", .type = text, .nullable = true},
    {.name = "execHost", .type = text, .nullable = true},
    {.name = "execSecurity", .type = text, .nullable = true},
    {.name = "execAsk", .type = text, .nullable = true},
    {.name = "execNode", .type = text, .nullable = true},
    {.name = "permissionMode", .type = string, .allowed = "read-only|guarded|workspace|full", .nullable = true},
    {.name = "sandboxMode", .type = string, .allowed = "off", .nullable = true},
    {.name = "nativeRuntimeConsent", .type = text, .nullable = true},
    {.name = "model", .type = text, .nullable = true},
    {.name = "agentRuntime", .type = text, .nullable = true},
    {.name = "completionOwnerSessionKey", .type = text, .nullable = true},
    {.name = "inheritedToolPolicyVersion", .type = any, .nullable = true},
    {.name = "inheritedToolAllow", .type = array, .item = text, .nullable = true},
    {.name = "inheritedToolDeny", .type = array, .item = text, .nullable = true},
    {.name = "sendPolicy", .type = string, .allowed = "allow|deny", .nullable = true},
    {.name = "groupActivation", .type = string, .allowed = "mention|always", .nullable = true},
};
constexpr Shape settings{settings_fields};

constexpr auto sessions_patch_fields = joined(target_fields, settings_fields);

constexpr Field sessions_create_fields[] = {
    {.name = "key", .type = text, .max = key_chars},
    {.name = "idempotencyKey", .type = text, .max = 256},
    {"agentId", text},
    {.name = "label", .type = string, .max = 512},
    {.name = "displayName", .type = string, .max = 500},
    {.name = "titleSource", .type = string, .max = 1000},
    {.name = "category", .type = string, .max = 512},
    {"model", text},
    {"agentRuntime", text},
    {"contextWindow", text},
    {"thinkingLevel", text},
    {"fastMode", any},
    {.name = "permissionMode", .type = string, .allowed = "read-only|guarded|workspace|full"},
    {"toolOverrides", object},
    {"incognito", boolean},
    {.name = "visibility", .type = string, .allowed = "shared|read-only|suggest|draft"},
    {"catalogId", text},
    {.name = "parentSessionKey", .type = text, .max = key_chars},
    {.name = "spawnDepth", .type = integer, .min = 1},
    {"fork", boolean},
    {.name = "forkFrom", .type = string, .allowed = "last-completed"},
    {"emitCommandHooks", boolean},
    {"succeedsParent", boolean},
    {.name = "timeoutMs", .type = integer, .min = 0},
    {"task", string},
    {"message", string},
    {.name = "mentions", .type = array, .max = 10, .item = object},
    {.name = "attachments", .type = array, .item = object},
    {"projectId", text},
    {.name = "projectGitUrl", .type = string, .max = 2048},
    {"repository", object},
    {"worktree", boolean},
    {.name = "worktreeSource", .type = string, .allowed = "empty"},
    {"worktreeBaseRef", text},
    {"worktreeName", string},
    {"execNode", text},
    {"cwd", text},
};

constexpr Field sessions_patch_many_fields[] = {
    {.name = "targets", .type = array, .required = true, .max = 100, .shape = &target, .item = object},
    {.name = "patch", .type = object, .required = true, .shape = &settings},
};

}  // namespace

const Shape sessions_patch_params{sessions_patch_fields};
const Shape sessions_create_params{sessions_create_fields};
const Shape sessions_patch_many_params{sessions_patch_many_fields};

}  // namespace omenia::rpc
