// Answers of the methods about agents, their models, their tasks and the machine.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field task_fields[] = {
    {"id", text, required},
    {"taskId", text, required},
    {"runId", text, required},
    {"kind", text, required},
    {"runtime", text, required},
    {.name = "status",
     .type = string,
     .required = true,
     .allowed = "queued|running|completed|failed|cancelled|timed_out"},
    {"title", text},
    {"agentId", text, required},
    {"sessionKey", text, required},
    {"createdAt", integer, required},
    {"updatedAt", integer, required},
    {"startedAt", integer},
    {"endedAt", integer},
};
constexpr Shape task{task_fields, open};
constexpr Field tasks_fields[] = {
    {.name = "tasks", .type = array, .required = true, .shape = &task, .item = object},
    {"nextCursor", text},
};
constexpr Field task_get_fields[] = {
    {.name = "task", .type = object, .required = true, .shape = &task},
};
constexpr Field task_cancel_fields[] = {
    {"found", boolean, required},
    {"cancelled", boolean, required},
    {"reason", text},
    {.name = "task", .type = object, .shape = &task},
};

constexpr Field identity_fields[] = {
    {"agentId", text, required},
    {"name", text, required},
    {.name = "nameSource", .type = string, .required = true, .allowed = "config|default"},
    {.name = "avatarStatus", .type = string, .required = true, .allowed = "none"},
};

constexpr Field agents_create_fields[] = {
    {"ok", boolean, required}, {"agentId", text, required}, {"name", text, required}, {"workspace", text, required},
    {"model", text},
};
constexpr Field agents_update_fields[] = {
    {"ok", boolean, required},
    {"agentId", text, required},
};
constexpr Field agents_delete_fields[] = {
    {"ok", boolean, required},
    {"agentId", text, required},
    {"removedBindings", integer, required},
};

constexpr Field auth_provider_fields[] = {
    {"provider", text, required},    {"authProvider", text, required},
    {"displayName", text, required}, {.name = "status", .type = string, .required = true, .allowed = "static"},
    {"profiles", array, required},   {"apiKey", object},
};
constexpr Shape auth_provider{auth_provider_fields};
constexpr Field auth_status_fields[] = {
    {"ts", integer, required},
    {.name = "providers", .type = array, .required = true, .shape = &auth_provider, .item = object},
    {.name = "providerCapabilities", .type = array, .required = true, .item = object},
};

constexpr Field probed_fields[] = {
    {"label", text, required},
    {"status", text, required},
    {"latencyMs", integer},
    {"error", text},
};
constexpr Shape probed{probed_fields};
constexpr Field probe_fields[] = {
    {"provider", text, required},
    {.name = "status",
     .type = string,
     .required = true,
     .allowed = "ok|auth|rate_limit|billing|timeout|format|unknown|no_model"},
    {"latencyMs", integer, required},
    {"error", text},
    {.name = "results", .type = array, .required = true, .shape = &probed, .item = object},
};

constexpr Field system_info_fields[] = {
    {"machineName", text, required},
    {"hostname", text, required},
    {"platform", text, required},
    {"release", text, required},
    {"arch", text, required},
    {"osLabel", text, required},
    {"port", integer},
    {"nodeVersion", text, required},
    {"pid", integer, required},
    {"processInstanceId", text, required},
    {"uptimeMs", integer, required},
    {"cpuCount", integer, required},
    {.name = "loadAverage", .type = array, .required = true, .item = number},
    {"memoryTotalBytes", integer, required},
    {"memoryFreeBytes", integer, required},
    {"processMemory", object, required},
    {.name = "eventLoop", .type = object, .required = true, .shape = &parts::event_loop},
    {"diskTotalBytes", integer},
    {"diskAvailableBytes", integer},
    {"diskPath", text},
};

constexpr Field secrets_reload_fields[] = {
    {"ok", boolean, required},
    {"warningCount", integer, required},
};
constexpr Field update_status_fields[] = {
    {.name = "sentinel", .type = object, .required = true, .nullable = true},
    {.name = "updateAvailable", .type = object, .required = true, .nullable = true},
    {"effectiveChannel", text, required},
    {"schedule", object, required},
};
constexpr Field heartbeat_fields[] = {
    {"ts", integer, required},         {"status", text, required}, {"sessionKey", text, required},
    {"agentId", text, required},       {"preview", text},          {"reason", text},
    {"durationMs", integer, required},
};

constexpr Field logout_fields[] = {
    {"provider", text, required},
    {.name = "removedProfiles", .type = array, .required = true, .item = text},
    {.name = "abortedRunIds", .type = array, .required = true, .item = text},
    {"warning", text},
};

}  // namespace

const Payload tasks_list_result{{tasks_fields}};
const Payload tasks_get_result{{task_get_fields}};
const Payload tasks_cancel_result{{task_cancel_fields}};
const Payload agent_identity_result{{identity_fields}};
const Payload agents_create_result{{agents_create_fields}};
const Payload agents_update_result{{agents_update_fields}};
const Payload agents_delete_result{{agents_delete_fields}};
const Payload models_auth_status_result{{auth_status_fields}};
const Payload models_probe_result{{probe_fields}};
const Payload models_auth_logout_result{{logout_fields}};
const Payload system_info_result{{system_info_fields}};
const Payload secrets_reload_result{{secrets_reload_fields}};
const Payload update_status_result{{update_status_fields}};
const Payload last_heartbeat_result{{heartbeat_fields}, object, true};

}  // namespace omenia::rpc
