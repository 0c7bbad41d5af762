// Parameters of the methods about the gateway itself and its models.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);
constexpr auto event_bytes = static_cast<std::int64_t>(limits::system_event_bytes_max);

constexpr Field health_fields[] = {{"probe", boolean}};

constexpr Field status_fields[] = {{"includeChannelSummary", boolean}};

constexpr Field logs_tail_fields[] = {
    {.name = "cursor", .type = integer, .min = 0},
    {.name = "limit", .type = integer, .min = 1, .max = limits::logs_tail_lines_max},
    {.name = "maxBytes", .type = integer, .min = 1, .max = static_cast<std::int64_t>(limits::logs_tail_bytes_max)},
};

constexpr Field models_list_fields[] = {
    {"agentId", text},
    {"sessionKey", text},
    {"authProfileId", string},
    {"provider", text},
    {"includeDetails", boolean},
    {"includeProviderCapabilities", boolean},
    {"includeDefaultModels", boolean},
    {"preparedOnly", boolean},
    {"refresh", boolean},
    {.name = "view", .type = string, .allowed = "default|configured|provider-config|all"},
};

constexpr Field restart_fields[] = {
    {.name = "reason", .type = string, .max = 512},
    {"skipDeferral", boolean},
    {"target", object},
    {"restartIntent", object},
    {"safe", boolean},
};

constexpr Field wake_fields[] = {
    {.name = "mode", .type = string, .required = true, .allowed = "now|next-heartbeat"},
    {.name = "text", .type = text, .required = true, .max = event_bytes},
    {.name = "sessionKey", .type = text, .max = key_chars},
    {"agentId", text},
};

constexpr Field system_event_fields[] = {
    {.name = "text", .type = text, .required = true, .max = event_bytes},
    {.name = "sessionKey", .type = text, .max = key_chars},
    {"wake", boolean},
    {"deviceId", string},
    {"instanceId", string},
    {"host", string},
    {"ip", string},
    {"mode", string},
    {"version", string},
    {"platform", string},
    {"deviceFamily", string},
    {"modelIdentifier", string},
    {"reason", string},
    {.name = "lastInputSeconds", .type = number, .min = 0},
    {.name = "roles", .type = array, .max = 16, .item = string},
    {.name = "scopes", .type = array, .max = 32, .item = string},
    {.name = "tags", .type = array, .max = 32, .item = string},
};

}  // namespace

const Shape no_params{{}};
const Shape health_params{health_fields};
const Shape status_params{status_fields};
const Shape logs_tail_params{logs_tail_fields};
const Shape models_list_params{models_list_fields};
const Shape restart_params{restart_fields};
const Shape wake_params{wake_fields};
const Shape system_event_params{system_event_fields};

}  // namespace omenia::rpc
