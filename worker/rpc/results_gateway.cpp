// Answers of the methods about the gateway itself, its models and its agents.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field health_fields[] = {
    {"ok", boolean, required},
    {"ts", integer, required},
    {"durationMs", integer, required},
    {"channels", object, required},
    {"channelOrder", array, required},
    {"channelLabels", object, required},
    {"defaultAgentId", text, required},
    {.name = "agents", .type = array, .required = true, .item = object},
    {"sessions", object, required},
    {.name = "eventLoop", .type = object, .required = true, .shape = &parts::event_loop},
};

constexpr Field status_fields[] = {
    {"runtimeVersion", text, required},
    {"uptimeMs", integer, required},
    {"heartbeat", object, required},
    {.name = "channelSummary", .type = array, .required = true, .item = string},
    {"queuedSystemEvents", array, required},
    {"tasks", object, required},
    {"sessions", object, required},
    {"configuration", object, required},
    {.name = "eventLoop", .type = object, .required = true, .shape = &parts::event_loop},
};

constexpr Field presence_fields[] = {
    {"text", text, required},
    {"ts", integer, required},
    {"reason", text, required},
    {"host", string},
    {"clientId", text},
    {"mode", string},
    {"version", string},
    {"platform", string},
    {"instanceId", string},
    {"onlineSince", integer},
    {"deviceId", text},
    {"timeZone", text},
    {.name = "roles", .type = array, .item = text},
    {.name = "scopes", .type = array, .item = text},
};

constexpr Field logs_tail_fields[] = {
    {"file", text, required},
    {.name = "cursor", .type = integer, .required = true, .min = 0},
    {.name = "size", .type = integer, .required = true, .min = 0},
    {.name = "lines", .type = array, .required = true, .item = string},
    {"truncated", boolean},
    {"reset", boolean},
    {.name = "skippedBytes", .type = integer, .min = 0},
};

constexpr Field models_list_fields[] = {
    {.name = "models", .type = array, .required = true, .shape = &parts::model, .item = object}};

constexpr Field agent_model_fields[] = {{"primary", text, required}};
constexpr Shape agent_model{agent_model_fields, open};
constexpr Field agent_fields[] = {
    {"id", text, required},
    {"name", text},
    {"workspace", text},
    {.name = "model", .type = object, .required = true, .shape = &agent_model},
};
constexpr Shape agent_shape{agent_fields, open};
constexpr Field agents_list_fields[] = {
    {"defaultId", text, required},
    {.name = "ownership", .type = string, .required = true, .allowed = "sole|explicit"},
    {"selectionRequired", boolean, required},
    {"mainKey", text, required},
    {.name = "scope", .type = string, .required = true, .allowed = "per-sender|global"},
    {.name = "agents", .type = array, .required = true, .shape = &agent_shape, .item = object},
};

}  // namespace

const Payload health_result{{health_fields, open}};
const Payload status_result{{status_fields, open}};
const Payload presence_result{{presence_fields, open}, array};
const Payload logs_tail_result{{logs_tail_fields}};
const Payload models_list_result{{models_list_fields}};
const Payload agents_list_result{{agents_list_fields}};

}  // namespace omenia::rpc
