// Answers of the methods that look at sessions, change them and sort them.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field entry_fields[] = {
    {"sessionId", text, required},
    {"lifecycleRevision", text, required},
    {"updatedAt", integer, required},
    {"sessionStartedAt", integer, required},
    {"createdAt", integer, required},
    {"label", text},
    {"archived", boolean, required},
    {"pinned", boolean, required},
    {"unread", boolean, required},
    {"abortedLastRun", boolean, required},
    {"inputTokens", integer, required},
    {"outputTokens", integer, required},
    {"totalTokens", integer, required},
    {"modelProvider", string},
    {"model", string},
    {"thinkingLevel", text},
    {.name = "modelOverrideSource", .type = string, .required = true, .allowed = "default|user"},
};
constexpr Shape entry{entry_fields, open};

constexpr Field resolved_fields[] = {
    {"modelProvider", string, required},
    {"model", text, required},
};
constexpr Shape resolved{resolved_fields};

constexpr Field describe_fields[] = {
    {.name = "session", .type = object, .required = true, .shape = &parts::session, .nullable = true},
};

constexpr Field candidate_fields[] = {
    {"key", text, required},
    {"agentId", text, required},
    {"displayName", text},
};
constexpr Shape candidate{candidate_fields};

constexpr Field resolve_fields[] = {
    {"ok", boolean, required},
    {"key", text},
    {"agentId", text},
    {"displayName", text},
    {.name = "candidates", .type = array, .shape = &candidate, .item = object},
};

constexpr Field preview_item_fields[] = {
    {"role", text, required},
    {"text", string, required},
};
constexpr Shape preview_item{preview_item_fields};
constexpr Field preview_fields[] = {
    {"key", text, required},
    {.name = "status", .type = string, .required = true, .allowed = "ok|empty|missing"},
    {.name = "items", .type = array, .required = true, .shape = &preview_item, .item = object},
};
constexpr Shape preview{preview_fields};
constexpr Field previews_fields[] = {
    {"ts", integer, required},
    {.name = "previews", .type = array, .required = true, .shape = &preview, .item = object},
};

constexpr Field messages_fields[] = {
    {.name = "messages", .type = array, .required = true, .shape = &parts::message, .item = object},
};

constexpr Field branch_fields[] = {
    {"leafEntryId", text, required},     {"headline", string, required},
    {"messageCount", integer, required}, {"updatedAt", text},
    {"active", boolean, required},
};
constexpr Shape branch{branch_fields};
constexpr Field branches_fields[] = {
    {.name = "branches", .type = array, .required = true, .shape = &branch, .item = object},
};

constexpr Field patch_fields[] = {
    {"ok", boolean, required},
    {"path", text, required},
    {"key", text, required},
    {.name = "entry", .type = object, .required = true, .shape = &entry},
    {.name = "resolved", .type = object, .required = true, .shape = &resolved},
};

constexpr Field outcome_fields[] = {
    {"ok", boolean, required},
    {"key", text, required},
    {"agentId", text},
    {"error", object},
};
constexpr Shape outcome{outcome_fields};
constexpr Field outcomes_fields[] = {
    {.name = "outcomes", .type = array, .required = true, .shape = &outcome, .item = object},
};

constexpr Field create_fields[] = {
    {"ok", boolean, required},
    {"key", text, required},
    {"sessionId", text, required},
    {.name = "entry", .type = object, .required = true, .shape = &entry},
    {.name = "resolved", .type = object, .required = true, .shape = &resolved},
    {"runStarted", boolean, required},
    {"runId", text},
    {"runError", object},
};

constexpr Field send_fields[] = {
    {"runId", text, required},
    {.name = "status", .type = string, .required = true, .allowed = "started|in_flight|ok|error|timeout"},
    {"interruptedActiveRun", boolean},
};

constexpr Field abort_fields[] = {
    {"ok", boolean, required},
    {.name = "abortedRunId", .type = string, .required = true, .nullable = true},
    {.name = "status", .type = string, .required = true, .allowed = "aborted|no-active-run"},
};

constexpr Field reset_fields[] = {
    {"ok", boolean, required},
    {"key", text, required},
    {.name = "entry", .type = object, .required = true, .shape = &entry},
    {.name = "resolved", .type = object, .required = true, .shape = &resolved},
};

constexpr Field removal_fields[] = {
    {"ok", boolean, required},
    {"key", text, required},
    {"deleted", boolean, required},
    {.name = "archived", .type = array, .required = true, .item = text},
};

constexpr Field fork_fields[] = {
    {"sessionKey", text, required},
    {"editorText", text},
};

constexpr Field rewind_fields[] = {{"editorText", text}};

constexpr Field compact_fields[] = {
    {"ok", boolean, required},
    {"key", text, required},
    {"compacted", boolean, required},
    {"reason", text},
};

constexpr Field orphan_fields[] = {
    {"scannedFiles", integer, required},
    {"removedFiles", integer, required},
    {"freedBytes", integer, required},
    {"olderThanMs", integer, required},
};
constexpr Shape orphans{orphan_fields};
constexpr Field budget_fields[] = {
    {"totalBytesBefore", integer, required}, {"totalBytesAfter", integer, required},
    {"removedFiles", integer, required},     {"removedEntries", integer, required},
    {"freedBytes", integer, required},       {"maxBytes", integer, required},
    {"highWaterBytes", integer, required},   {"overBudget", boolean, required},
};
constexpr Shape budget{budget_fields};
constexpr Field cleanup_fields[] = {
    {"agentId", text, required},
    {"storePath", text, required},
    {.name = "mode", .type = string, .required = true, .allowed = "warn|enforce"},
    {"dryRun", boolean, required},
    {"beforeCount", integer, required},
    {"afterCount", integer, required},
    {"missing", integer, required},
    {"dmScopeRetired", integer, required},
    {"modelRunPruned", integer, required},
    {"archived", integer, required},
    {"capArchived", integer, required},
    {"pruned", integer, required},
    {"capped", integer, required},
    {.name = "unreferencedArtifacts", .type = object, .required = true, .shape = &orphans},
    {.name = "diskBudget", .type = object, .required = true, .shape = &budget},
    {"wouldMutate", boolean, required},
    {"applied", boolean, required},
    {"appliedCount", integer, required},
};

constexpr Field hit_fields[] = {
    {"sessionKey", text, required}, {"sessionId", text, required},    {"messageId", text, required},
    {"role", text, required},       {"timestamp", integer, required}, {"snippet", string, required},
    {"score", number, required},
};
constexpr Shape hit{hit_fields};
constexpr Field search_fields[] = {
    {.name = "results", .type = array, .required = true, .shape = &hit, .item = object},
    {"truncated", boolean, required},
};

constexpr Field group_fields[] = {
    {"name", text, required},
    {"position", integer, required},
};
constexpr Shape group{group_fields};
constexpr Field groups_fields[] = {
    {.name = "groups", .type = array, .required = true, .shape = &group, .item = object},
    {.name = "sectionOrder", .type = array, .required = true, .item = string},
};
constexpr Field groups_change_fields[] = {
    {"ok", boolean, required},
    {.name = "groups", .type = array, .required = true, .shape = &group, .item = object},
    {.name = "sectionOrder", .type = array, .required = true, .item = string},
};

constexpr Field group_default_fields[] = {
    {"name", text, required},
    {"cwd", text},
    {"worktree", boolean, required},
};
constexpr Shape group_default{group_default_fields};
constexpr Field group_defaults_fields[] = {
    {.name = "defaults", .type = array, .required = true, .shape = &group_default, .item = object},
};
constexpr Field groups_update_fields[] = {
    {"ok", boolean, required},
    {.name = "defaults", .type = array, .required = true, .shape = &group_default, .item = object},
};

}  // namespace

const Payload sessions_describe_result{{describe_fields}};
const Payload sessions_resolve_result{{resolve_fields}};
const Payload sessions_preview_result{{previews_fields}};
const Payload sessions_get_result{{messages_fields}};
const Payload branches_list_result{{branches_fields}};
const Payload sessions_patch_result{{patch_fields}};
const Payload sessions_patch_many_result{{outcomes_fields}};
const Payload sessions_create_result{{create_fields}};
const Payload sessions_send_result{{send_fields}};
const Payload sessions_abort_result{{abort_fields}};
const Payload sessions_reset_result{{reset_fields}};
const Payload sessions_delete_result{{removal_fields}};
const Payload sessions_fork_result{{fork_fields}};
const Payload sessions_rewind_result{{rewind_fields}};
const Payload sessions_compact_result{{compact_fields}};
const Payload sessions_cleanup_result{{cleanup_fields}};
const Payload sessions_search_result{{search_fields}};
const Payload groups_list_result{{groups_fields}};
const Payload groups_change_result{{groups_change_fields}};
const Payload groups_defaults_result{{group_defaults_fields}};
const Payload groups_update_result{{groups_update_fields}};

}  // namespace omenia::rpc
