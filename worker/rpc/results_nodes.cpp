// Answers of the methods about nodes and their commands.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

// What is known of a node, approved or not.
constexpr Field offered_fields[] = {
    {"nodeId", text, required},
    {"clientId", text, required},
    {"clientMode", text, required},
    {"displayName", text},
    {"platform", text},
    {"version", text},
    {"deviceFamily", text},
    {.name = "caps", .type = array, .required = true, .item = text},
    {.name = "commands", .type = array, .required = true, .item = text},
};

constexpr Field approved_fields[] = {
    {"createdAtMs", integer, required},
    {"approvedAtMs", integer, required},
    {"lastSeenAtMs", integer},
    {"lastSeenReason", text},
};
constexpr auto node_fields = joined(offered_fields, approved_fields);
constexpr Shape node{node_fields};

constexpr Field request_id_fields[] = {{"requestId", text, required}};
constexpr Field waiting_fields[] = {
    {.name = "requiredApproveScopes", .type = array, .required = true, .item = text},
    {"silent", boolean, required},
    {"ts", integer, required},
};
constexpr auto node_request_fields = joined(request_id_fields, offered_fields, waiting_fields);
constexpr Shape node_request{node_request_fields};

constexpr Field node_pair_list_fields[] = {
    {.name = "pending", .type = array, .required = true, .shape = &node_request, .item = object},
    {.name = "paired", .type = array, .required = true, .shape = &node, .item = object},
};
constexpr Field node_approve_fields[] = {
    {"requestId", text, required},
    {.name = "node", .type = object, .required = true, .shape = &node},
};
constexpr Field node_reject_fields[] = {{"requestId", text, required}, {"nodeId", text, required}};
constexpr Field node_remove_fields[] = {{"nodeId", text, required}};
constexpr Field node_rename_fields[] = {{"nodeId", text, required}, {"displayName", text, required}};

constexpr Field known_node_fields[] = {
    {"nodeId", text, required},
    {.name = "caps", .type = array, .required = true, .item = text},
    {.name = "commands", .type = array, .required = true, .item = text},
    {"clientId", text, required},
    {"clientMode", text, required},
    {"sessionHost", boolean, required},
    {.name = "approvalState", .type = string, .required = true, .allowed = "approved|pending-approval|unapproved"},
    {"approvedAtMs", integer, required},
    {"paired", boolean, required},
    {"connected", boolean, required},
};
constexpr Shape known_node{known_node_fields, open};
constexpr Field node_list_fields[] = {
    {"ts", integer, required},
    {.name = "nodes", .type = array, .required = true, .shape = &known_node, .item = object},
};

constexpr Field invoke_fields[] = {
    {"ok", boolean, required},
    {"nodeId", text, required},
    {"command", text, required},
    {.name = "payload", .type = any, .required = true, .nullable = true},
    {.name = "payloadJSON", .type = string, .required = true, .nullable = true},
};
constexpr Field taken_fields[] = {{"ok", boolean, required}, {"ignored", boolean}};
constexpr Field event_fields[] = {{"ok", boolean, required}, {"event", text}, {"handled", boolean}, {"reason", text}};
constexpr Field pull_fields[] = {{"nodeId", text, required}, {"actions", array, required}};
constexpr Field ack_fields[] = {
    {"nodeId", text, required},
    {.name = "ackedIds", .type = array, .required = true, .item = text},
    {"remainingCount", integer, required},
};
constexpr Field work_fields[] = {
    {"id", text, required},
    {"type", text, required},
    {.name = "priority", .type = string, .required = true, .allowed = "normal|high"},
    {"createdAtMs", integer, required},
    {.name = "expiresAtMs", .type = integer, .required = true, .nullable = true},
};
constexpr Shape work{work_fields};
constexpr Field drain_fields[] = {
    {"nodeId", text, required},
    {"revision", integer, required},
    {.name = "items", .type = array, .required = true, .shape = &work, .item = object},
    {"hasMore", boolean, required},
};
constexpr Field enqueue_fields[] = {
    {"nodeId", text, required},
    {"revision", integer, required},
    {.name = "queued", .type = object, .required = true, .shape = &work},
    {"wakeTriggered", boolean, required},
};

}  // namespace

const Payload node_pair_list_result{{node_pair_list_fields}};
const Payload node_approve_result{{node_approve_fields}};
const Payload node_reject_result{{node_reject_fields}};
const Payload node_remove_result{{node_remove_fields}};
const Payload node_rename_result{{node_rename_fields}};
const Payload node_list_result{{node_list_fields}};
const Payload node_describe_result{{known_node_fields, open}};
const Payload node_invoke_answer{{invoke_fields}};
const Payload node_taken_result{{taken_fields}};
const Payload node_event_result{{event_fields}};
const Payload node_pull_result{{pull_fields}};
const Payload node_ack_result{{ack_fields}};
const Payload node_drain_result{{drain_fields}};
const Payload node_enqueue_result{{enqueue_fields}};

}  // namespace omenia::rpc
