// Parameters of the methods about devices and nodes.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;
constexpr std::int64_t id_chars = 256;

constexpr Field request_fields[] = {{.name = "requestId", .type = text, .required = true, .max = id_chars}};
constexpr Field device_fields[] = {{.name = "deviceId", .type = text, .required = true, .max = id_chars}};
constexpr Field device_rename_fields[] = {
    {.name = "deviceId", .type = text, .required = true, .max = id_chars},
    {.name = "label", .type = string, .required = true, .max = 64},
};
constexpr Field token_rotate_fields[] = {
    {.name = "deviceId", .type = text, .required = true, .max = id_chars},
    {.name = "role", .type = text, .required = true, .max = 32},
    {.name = "scopes", .type = array, .max = 64, .item = text},
};
constexpr Field token_revoke_fields[] = {
    {.name = "deviceId", .type = text, .required = true, .max = id_chars},
    {.name = "role", .type = text, .required = true, .max = 32},
};
constexpr Field setup_code_fields[] = {
    {.name = "publicUrl", .type = text, .max = 2'048},
    {"preferRemoteUrl", boolean},
    {"includeQr", boolean},
    {.name = "bootstrapProfile", .type = string, .allowed = "limited|node"},
    {"joinUrl", boolean},
};
constexpr Field setup_status_fields[] = {{.name = "setupId", .type = text, .required = true, .max = 128}};

constexpr Field node_fields[] = {{.name = "nodeId", .type = text, .required = true, .max = id_chars}};
constexpr Field node_rename_fields[] = {
    {.name = "nodeId", .type = text, .required = true, .max = id_chars},
    {.name = "displayName", .type = text, .required = true, .max = 128},
};
constexpr Field node_invoke_fields[] = {
    {.name = "nodeId", .type = text, .required = true, .max = id_chars},
    {.name = "command", .type = text, .required = true, .max = id_chars},
    {"params", any},
    {.name = "timeoutMs", .type = integer, .min = 0},
    {.name = "idempotencyKey", .type = text, .required = true, .max = id_chars},
    {"sessionKey", text},
    {"turnSourceChannel", string},
    {"turnSourceTo", string},
    {"turnSourceAccountId", string},
    {"turnSourceThreadId", any},
};
constexpr Field node_error_fields[] = {{"code", text}, {"message", text}};
constexpr Shape node_error{node_error_fields};
constexpr Field node_invoke_result_fields[] = {
    {.name = "id", .type = text, .required = true, .max = id_chars},
    {.name = "nodeId", .type = text, .required = true, .max = id_chars},
    {"ok", boolean, required},
    {"payload", any},
    {"payloadJSON", string},
    {.name = "error", .type = object, .shape = &node_error},
};
constexpr Field node_invoke_progress_fields[] = {
    {.name = "invokeId", .type = text, .required = true, .max = id_chars},
    {.name = "nodeId", .type = text, .required = true, .max = id_chars},
    {.name = "seq", .type = integer, .required = true, .min = 0},
    {.name = "chunk", .type = string, .required = true, .max = 16'384},
};
constexpr Field node_event_fields[] = {
    {.name = "event", .type = text, .required = true, .max = id_chars},
    {"payload", any},
    {"payloadJSON", string},
};
constexpr Field node_pending_ack_fields[] = {
    {.name = "ids", .type = array, .required = true, .max = 1'024, .item = text}};
constexpr Field node_enqueue_fields[] = {
    {.name = "nodeId", .type = text, .required = true, .max = id_chars},
    {.name = "type", .type = string, .required = true, .allowed = "status.request|location.request"},
    {.name = "priority", .type = string, .allowed = "normal|high"},
    {.name = "expiresInMs", .type = integer, .min = limits::node_work_ms_min, .max = limits::node_work_ms_max},
    {"wake", boolean},
};
constexpr Field scope_request_fields[] = {
    {.name = "scopes", .type = array, .required = true, .min = 1, .max = 8, .item = text}};
constexpr Field node_pending_drain_fields[] = {{.name = "maxItems", .type = integer, .min = 1, .max = 10}};

}  // namespace

const Shape pair_request_params{request_fields};
const Shape device_params{device_fields};
const Shape device_rename_params{device_rename_fields};
const Shape token_rotate_params{token_rotate_fields};
const Shape token_revoke_params{token_revoke_fields};
const Shape setup_code_params{setup_code_fields};
const Shape setup_status_params{setup_status_fields};
const Shape node_params{node_fields};
const Shape node_rename_params{node_rename_fields};
const Shape node_invoke_params{node_invoke_fields};
const Shape node_invoke_result_params{node_invoke_result_fields};
const Shape node_invoke_progress_params{node_invoke_progress_fields};
const Shape node_event_params{node_event_fields};
const Shape node_pending_ack_params{node_pending_ack_fields};
const Shape node_pending_drain_params{node_pending_drain_fields};
const Shape node_enqueue_params{node_enqueue_fields};
const Shape scope_request_params{scope_request_fields};

}  // namespace omenia::rpc
