// Parameters of the methods that look at sessions, change them and sort them.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);

constexpr Field sessions_describe_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"includeDerivedTitles", boolean},
    {"includeLastMessage", boolean},
};

constexpr Field sessions_resolve_fields[] = {
    {.name = "key", .type = text, .max = key_chars},
    {"sessionId", text},
    {.name = "label", .type = string, .max = 512},
    {"reference", object},
    {"shortId", text},
    {"slugHint", text},
    {"agentId", text},
    {"spawnedBy", text},
    {"includeGlobal", boolean},
    {"includeUnknown", boolean},
    {"allowMissing", boolean},
};

constexpr Field sessions_preview_fields[] = {
    {.name = "keys", .type = array, .required = true, .item = text},
    {.name = "limit", .type = integer, .min = 1},
    {.name = "maxChars", .type = integer, .min = 20},
};

constexpr Field sessions_get_fields[] = {
    {.name = "key", .type = text, .max = key_chars},
    {.name = "sessionKey", .type = text, .max = key_chars},
    {"agentId", text},
    {.name = "limit", .type = integer, .min = 1, .max = 1000},
};

constexpr Field session_only_fields[] = {
    {.name = "sessionKey", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
};

constexpr Field sessions_abort_fields[] = {
    {.name = "key", .type = text, .max = key_chars},
    {"runId", text},
    {"agentId", text},
    {"clearQueued", boolean},
};

constexpr Field sessions_reset_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {.name = "reason", .type = string, .allowed = "new|reset"},
    {"expectedSessionId", text},
};

constexpr Field sessions_delete_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"deleteTranscript", boolean},
    {"expectedSessionId", text},
    {"expectedLifecycleRevision", text},
    {.name = "expectedSessionUpdatedAt", .type = number, .min = 0},
    {"emitLifecycleHooks", boolean},
    {"archivedOnly", boolean},
};

constexpr Field sessions_fork_fields[] = {
    {.name = "sessionKey", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"entryId", text, required},
};

constexpr Field sessions_compact_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {.name = "maxLines", .type = integer, .min = 1},
};

constexpr Field sessions_cleanup_fields[] = {
    {"agent", text},         {"allAgents", boolean},
    {"enforce", boolean},    {.name = "activeKey", .type = text, .max = key_chars},
    {"fixMissing", boolean}, {"fixDmScope", boolean},
};

constexpr Field sessions_send_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"message", string, required},
    {.name = "mentions", .type = array, .max = 10, .item = object},
    {"thinking", string},
    {.name = "attachments", .type = array, .item = object},
    {.name = "timeoutMs", .type = integer, .min = 0},
    {.name = "idempotencyKey", .type = text, .max = 256},
};

constexpr Field groups_put_fields[] = {
    {.name = "names",
     .type = array,
     .required = true,
     .max = static_cast<std::int64_t>(limits::session_groups_max),
     .item = text},
    {.name = "sectionOrder", .type = array, .max = 400, .item = string},
};

constexpr Field groups_rename_fields[] = {
    {.name = "name", .type = text, .required = true, .max = 512},
    {.name = "to", .type = text, .required = true, .max = 512},
};

constexpr Field groups_update_fields[] = {
    {.name = "name", .type = text, .required = true, .max = 512},
    {.name = "cwd", .type = text, .required = true, .nullable = true},
    {"worktree", boolean, required},
};

constexpr Field groups_delete_fields[] = {
    {.name = "name", .type = text, .required = true, .max = 512},
};

constexpr Field sessions_usage_fields[] = {
    {.name = "key", .type = text, .max = key_chars},
    {"agentId", text},
    {.name = "agentScope", .type = string, .allowed = "all"},
    {"creatorKey", text},
    {"startDate", string},
    {"endDate", string},
    {.name = "mode", .type = string, .allowed = "utc|gateway|specific"},
    {.name = "range", .type = string, .allowed = "7d|30d|90d|1y|all"},
    {.name = "groupBy", .type = string, .allowed = "instance|family"},
    {"includeHistorical", boolean},
    {"utcOffset", string},
    {"timeZone", text},
    {.name = "limit", .type = integer, .min = 1},
    {"includeContextWeight", boolean},
};

constexpr Field usage_timeseries_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
};

constexpr Field usage_logs_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {.name = "limit", .type = integer, .min = 1, .max = 1000},
};

constexpr Field usage_cost_fields[] = {
    {"startDate", string},
    {"endDate", string},
    {.name = "days", .type = integer, .min = 1, .max = 3660},
    {"agentId", text},
    {.name = "agentScope", .type = string, .allowed = "all"},
    {.name = "mode", .type = string, .allowed = "utc|gateway|specific"},
    {"timeZone", text},
    {"utcOffset", string},
};

}  // namespace

const Shape sessions_describe_params{sessions_describe_fields};
const Shape sessions_resolve_params{sessions_resolve_fields};
const Shape sessions_preview_params{sessions_preview_fields};
const Shape sessions_get_params{sessions_get_fields};
const Shape session_only_params{session_only_fields};
const Shape sessions_abort_params{sessions_abort_fields};
const Shape sessions_reset_params{sessions_reset_fields};
const Shape sessions_delete_params{sessions_delete_fields};
const Shape sessions_fork_params{sessions_fork_fields};
const Shape sessions_compact_params{sessions_compact_fields};
const Shape sessions_cleanup_params{sessions_cleanup_fields};
const Shape sessions_send_params{sessions_send_fields};
const Shape groups_put_params{groups_put_fields};
const Shape groups_rename_params{groups_rename_fields};
const Shape groups_update_params{groups_update_fields};
const Shape groups_delete_params{groups_delete_fields};
const Shape sessions_usage_params{sessions_usage_fields};
const Shape usage_timeseries_params{usage_timeseries_fields};
const Shape usage_logs_params{usage_logs_fields};
const Shape usage_cost_params{usage_cost_fields};

}  // namespace omenia::rpc
