// Parameters of the methods about what this release does not have.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);

constexpr Field update_status_fields[] = {
    {"refreshCheckout", boolean},
};

constexpr Field channels_status_fields[] = {
    {"probe", boolean},
    {.name = "timeoutMs", .type = integer, .min = 0},
    {"channel", text},
};

constexpr Field task_suggestions_fields[] = {
    {.name = "sessionKey", .type = string, .max = key_chars},
    {.name = "agentId", .type = string, .max = 128},
};

constexpr Field pull_requests_fields[] = {
    {.name = "sessionKeys", .type = array, .required = true, .max = 200, .item = string},
};

constexpr Field user_prefs_get_fields[] = {
    {.name = "keys", .type = array, .max = 32, .item = string},
};

constexpr Field observer_visibility_fields[] = {
    {"visible", boolean, required},
};

constexpr Field viewers_set_fields[] = {
    {"agentId", text},
    {.name = "sessionKeys", .type = array, .required = true, .max = 32, .item = string},
};

constexpr Field sessions_catalog_list_fields[] = {
    {"catalogId", text},
    {"metadataOnly", boolean},
    {"cursors", object},
    {"agentId", text},
    {.name = "progressId", .type = string, .max = 128},
    {"allowPartialResults", boolean},
    {"search", string},
    {.name = "limitPerHost", .type = integer, .min = 1},
    {.name = "hostIds", .type = array, .item = text},
};

constexpr Field projects_list_fields[] = {
    {"includeObserved", boolean},
};

constexpr Field talk_catalog_fields[] = {
    {"provider", text},
    {"model", text},
};

constexpr Field cron_list_fields[] = {
    {.name = "sessionKey", .type = text, .max = key_chars},
    {"sessionAgentId", text},
    {"includeDisabled", boolean},
    {.name = "limit", .type = integer, .min = 1, .max = 200},
    {.name = "offset", .type = integer, .min = 0},
    {"query", string},
    {.name = "enabled", .type = string, .allowed = "all|enabled|disabled"},
    {.name = "scheduleKind", .type = string, .allowed = "all|at|every|cron|on-exit|stream"},
    {.name = "lastRunStatus", .type = string, .allowed = "all|ok|error|skipped|unknown"},
    {.name = "trigger", .type = string, .allowed = "all|conditional|unconditional"},
    {.name = "sortBy", .type = string, .allowed = "nextRunAtMs|updatedAtMs|name"},
    {.name = "sortDir", .type = string, .allowed = "asc|desc"},
    {"agentId", text},
    {"compact", boolean},
    {"includeDeliveryPreviews", boolean},
};

constexpr Field skills_status_fields[] = {
    {"agentId", text},
    {.name = "sessionKey", .type = text, .max = key_chars},
};

}  // namespace

const Shape update_status_params{update_status_fields};
const Shape channels_status_params{channels_status_fields};
const Shape task_suggestions_params{task_suggestions_fields};
const Shape pull_requests_params{pull_requests_fields};
const Shape user_prefs_get_params{user_prefs_get_fields};
const Shape observer_visibility_params{observer_visibility_fields};
const Shape viewers_set_params{viewers_set_fields};
const Shape sessions_catalog_list_params{sessions_catalog_list_fields};
const Shape projects_list_params{projects_list_fields};
const Shape talk_catalog_params{talk_catalog_fields};
const Shape cron_list_params{cron_list_fields};
const Shape skills_status_params{skills_status_fields};

}  // namespace omenia::rpc
