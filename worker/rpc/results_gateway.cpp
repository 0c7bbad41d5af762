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

constexpr Field counts_fields[] = {
    {"queueSize", integer, required},
    {"pendingReplies", integer, required},
    {"embeddedRuns", integer, required},
    {"cronRuns", integer, required},
    {"backgroundExecSessions", integer, required},
    {"rootRequests", integer, required},
    {"activeTasks", integer, required},
    {"totalActive", integer, required},
};
constexpr Shape counts{counts_fields};
constexpr Field blocker_fields[] = {
    {"kind", text, required}, {"count", integer, required}, {"message", text, required}};
constexpr Shape blocker{blocker_fields};
constexpr Field preflight_fields[] = {
    {"safe", boolean, required},
    {.name = "counts", .type = object, .required = true, .shape = &counts},
    {.name = "blockers", .type = array, .required = true, .shape = &blocker, .item = object},
    {"summary", text, required},
};
constexpr Shape preflight{preflight_fields};
constexpr Field restart_fields[] = {
    {"ok", boolean, required},        {"pid", integer, required},
    {"signal", text, required},       {"reason", string, required},
    {"mode", text, required},         {"delayMs", integer, required},
    {"coalesced", boolean, required}, {"cooldownMsApplied", integer, required},
};
constexpr Shape restart{restart_fields};
constexpr Field restart_request_fields[] = {
    {"ok", boolean, required},
    {.name = "status", .type = string, .required = true, .allowed = "scheduled"},
    {.name = "preflight", .type = object, .required = true, .shape = &preflight},
    {.name = "restart", .type = object, .required = true, .shape = &restart},
};

constexpr Field stability_event_fields[] = {
    {"seq", integer, required}, {"ts", integer, required}, {"type", text, required}};
constexpr Shape stability_event{stability_event_fields, open};
constexpr Field stability_summary_fields[] = {
    {"byType", object, required}, {"memory", object, required}, {"payloadLarge", object, required}};
constexpr Shape stability_summary{stability_summary_fields};
constexpr Field stability_fields[] = {
    {"generatedAt", text, required},
    {"capacity", integer, required},
    {"count", integer, required},
    {"dropped", integer, required},
    {"firstSeq", integer, required},
    {"lastSeq", integer, required},
    {.name = "events", .type = array, .required = true, .shape = &stability_event, .item = object},
    {.name = "summary", .type = object, .required = true, .shape = &stability_summary},
};

}  // namespace

const Payload health_result{{health_fields, open}};
const Payload status_result{{status_fields, open}};
const Payload presence_result{{presence_fields, open}, array};
const Payload logs_tail_result{{logs_tail_fields}};
const Payload models_list_result{{models_list_fields}};
const Payload agents_list_result{{agents_list_fields}};
const Payload restart_preflight_result{preflight};
const Payload restart_request_result{{restart_request_fields}};
const Payload stability_result{{stability_fields}};

}  // namespace omenia::rpc
