// Parameters of the methods about agents, their models and their tasks.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);

constexpr Field tasks_list_fields[] = {
    {"status", any},
    {"agentId", text},
    {.name = "sessionKey", .type = text, .max = key_chars},
    {.name = "limit", .type = integer, .min = 1, .max = 500},
    {.name = "cursor", .type = string, .max = 512},
    {.name = "sortBy", .type = string, .allowed = "updatedAt|endedAt"},
};

constexpr Field tasks_get_fields[] = {
    {"taskId", text, required},
};

constexpr Field tasks_cancel_fields[] = {
    {"taskId", text, required},
    {"reason", string},
};

constexpr Field agent_identity_get_fields[] = {
    {"agentId", text},
    {.name = "sessionKey", .type = string, .max = key_chars},
};

constexpr Field agents_create_fields[] = {
    {"name", text, required}, {"workspace", text}, {"model", text}, {"emoji", string}, {"avatar", string},
};

constexpr Field agents_update_fields[] = {
    {"agentId", text, required}, {"name", text},
    {"workspace", text},         {.name = "model", .type = text, .nullable = true},
    {"agentRuntime", text},      {"emoji", string},
    {"avatar", string},
};

constexpr Field agents_delete_fields[] = {
    {"agentId", text, required},
    {"deleteFiles", boolean},
};

constexpr Field models_auth_status_fields[] = {
    {"refresh", boolean},
    {"agentId", string},
};

constexpr Field models_probe_fields[] = {
    {"provider", text, required},
    {"profileId", text},
    {.name = "timeoutMs", .type = integer, .min = 1},
    {"agentId", string},
};

constexpr Field models_auth_logout_fields[] = {
    {"provider", text, required},
    {.name = "profileIds", .type = array, .max = 64, .item = text},
    {.name = "credentialType", .type = string, .allowed = "api_key"},
    {"agentId", string},
};

}  // namespace

const Shape tasks_list_params{tasks_list_fields};
const Shape tasks_get_params{tasks_get_fields};
const Shape tasks_cancel_params{tasks_cancel_fields};
const Shape agent_identity_get_params{agent_identity_get_fields};
const Shape agents_create_params{agents_create_fields};
const Shape agents_update_params{agents_update_fields};
const Shape agents_delete_params{agents_delete_fields};
const Shape models_auth_status_params{models_auth_status_fields};
const Shape models_probe_params{models_probe_fields};
const Shape models_auth_logout_params{models_auth_logout_fields};

}  // namespace omenia::rpc
