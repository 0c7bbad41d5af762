// Answers of the methods that run agents and show conversations.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field in_flight_fields[] = {
    {"runId", text, required}, {"text", string, required}, {"startedAt", integer, required}};
constexpr Shape in_flight{in_flight_fields};

constexpr Field chat_history_fields[] = {
    {"sessionKey", text, required},
    {"sessionId", text},
    {.name = "messages", .type = array, .required = true, .shape = &parts::message, .item = object},
    {"pendingInputs", object, required},
    {"hasMore", boolean, required},
    {"totalMessages", integer, required},
    {.name = "defaults", .type = object, .required = true, .shape = &parts::defaults},
    {.name = "sessionInfo", .type = object, .shape = &parts::session},
    {.name = "inFlightRun", .type = object, .shape = &in_flight},
};

constexpr Field chat_send_fields[] = {
    {"runId", text, required},
    {.name = "status", .type = string, .required = true, .allowed = "started|in_flight|ok|error|timeout"},
};

constexpr Field chat_abort_fields[] = {
    {"ok", boolean, required},
    {"aborted", boolean, required},
    {.name = "runIds", .type = array, .required = true, .item = text},
};

constexpr Field agent_fields[] = {
    {"runId", text, required},
    {.name = "status", .type = string, .required = true, .allowed = "accepted|ok|error|timeout"},
    {"summary", string},
    {"result", object},
};

constexpr Field agent_wait_fields[] = {
    {"runId", text, required},
    {.name = "status", .type = string, .required = true, .allowed = "ok|error|timeout"},
    {"startedAt", integer},
    {"endedAt", integer},
};

}  // namespace

const Payload chat_history_result{{chat_history_fields}};
const Payload chat_send_result{{chat_send_fields}};
const Payload chat_abort_result{{chat_abort_fields}};
const Payload agent_result{{agent_fields, open}};
const Payload agent_wait_result{{agent_wait_fields, open}};

}  // namespace omenia::rpc
