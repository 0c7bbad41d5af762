// Answers of the methods about devices and nodes.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field identity_fields[] = {{"deviceId", text, required}, {"publicKey", text, required}};

constexpr Field token_fields[] = {
    {.name = "role", .type = string, .required = true, .allowed = "operator|node"},
    {.name = "scopes", .type = array, .required = true, .item = text},
    {"createdAtMs", integer, required},
    {"rotatedAtMs", integer},
    {"lastUsedAtMs", integer},
};
constexpr Shape token{token_fields};

constexpr Field surface_fields[] = {
    {"displayName", text},
    {"version", text},
    {.name = "caps", .type = array, .required = true, .item = text},
    {.name = "commands", .type = array, .required = true, .item = text},
    {"createdAtMs", integer, required},
    {"approvedAtMs", integer, required},
};
constexpr Shape surface{surface_fields};

// What is known of a device, paired or not.
constexpr Field known_fields[] = {
    {"deviceId", text, required},
    {"publicKey", text, required},
    {"displayName", text},
    {"platform", text},
    {"deviceFamily", text},
    {"clientId", text, required},
    {"clientMode", text, required},
    {.name = "role", .type = string, .required = true, .allowed = "operator|node"},
    {.name = "roles", .type = array, .required = true, .item = text},
    {.name = "scopes", .type = array, .required = true, .item = text},
};

constexpr Field paired_fields[] = {
    {"approvedVia", text, required},
    {.name = "nodeSurface", .type = object, .shape = &surface},
    {"createdAtMs", integer, required},
    {"approvedAtMs", integer, required},
    {"lastSeenAtMs", integer},
    {"lastSeenReason", text},
    {"connected", boolean},
    {.name = "tokens", .type = array, .required = true, .shape = &token, .item = object},
};
constexpr auto device_fields = joined(known_fields, paired_fields);
constexpr Shape device{device_fields};

constexpr Field request_id_fields[] = {{"requestId", text, required}};
constexpr Field waiting_fields[] = {
    {"remoteIp", text},
    {"silent", boolean, required},
    {"isRepair", boolean, required},
    {"ts", integer, required},
};
constexpr auto device_request_fields = joined(request_id_fields, known_fields, waiting_fields);
constexpr Shape device_request{device_request_fields};

constexpr Field device_list_fields[] = {
    {.name = "pending", .type = array, .required = true, .shape = &device_request, .item = object},
    {.name = "paired", .type = array, .required = true, .shape = &device, .item = object},
};
constexpr Field device_approve_fields[] = {
    {"requestId", text, required},
    {.name = "device", .type = object, .required = true, .shape = &device},
};
constexpr Field device_reject_fields[] = {{"requestId", text, required}, {"deviceId", text, required}};
constexpr Field device_remove_fields[] = {{"deviceId", text, required}};
constexpr Field device_rename_fields[] = {{"deviceId", text, required}, {"label", string, required}};
constexpr Field token_rotate_fields[] = {
    {"deviceId", text, required},
    {"role", text, required},
    {"token", text},
    {.name = "scopes", .type = array, .required = true, .item = text},
    {"rotatedAtMs", integer, required},
    {.name = "tokenDelivery", .type = string, .required = true, .allowed = "in-band|withheld-cross-device"},
};
constexpr Field token_revoke_fields[] = {
    {"deviceId", text, required}, {"role", text, required}, {"revokedAtMs", integer, required}};
constexpr Field setup_code_fields[] = {
    {"setupId", text},
    {"setupCode", text, required},
    {"gatewayUrl", text, required},
    {.name = "auth", .type = string, .required = true, .allowed = "token|password"},
    {"urlSource", text, required},
    {.name = "access", .type = string, .allowed = "full|limited|node"},
    {"expiresAtMs", integer},
};
constexpr Field completion_fields[] = {
    {"setupId", text, required}, {"deviceId", text, required},
    {"deviceName", text},        {.name = "access", .type = string, .required = true, .allowed = "full|limited|node"},
    {"ts", integer, required},
};
constexpr Shape completion{completion_fields};
constexpr Field setup_status_fields[] = {{.name = "completion", .type = object, .shape = &completion}};

constexpr Field scope_request_fields[] = {{"requestId", text, required}};
constexpr Field scope_decision_fields[] = {
    {.name = "status", .type = string, .required = true, .allowed = "approved|rejected|expired"},
    {"requestId", text, required},
    {"deviceToken", text},
    {.name = "scopes", .type = array, .item = text},
};

}  // namespace

const Payload identity_result{{identity_fields}};
const Payload device_list_result{{device_list_fields}};
const Payload device_approve_result{{device_approve_fields}};
const Payload device_reject_result{{device_reject_fields}};
const Payload device_remove_result{{device_remove_fields}};
const Payload device_rename_result{{device_rename_fields}};
const Payload token_rotate_result{{token_rotate_fields}};
const Payload token_revoke_result{{token_revoke_fields}};
const Payload setup_code_result{{setup_code_fields}};
const Payload setup_status_result{{setup_status_fields}};
const Payload scope_request_result{{scope_request_fields}};
const Payload scope_decision_result{{scope_decision_fields}};

}  // namespace omenia::rpc
