// Answers of the methods beside a conversation.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field metadata_fields[] = {
    {.name = "models", .type = array, .required = true, .shape = &parts::model, .item = object},
    {.name = "commands", .type = array, .required = true, .item = object},
    {"swarmEnabled", boolean, required},
    {"runtimeSelectionLocked", boolean, required},
};

constexpr Field message_get_fields[] = {
    {"ok", boolean, required},
    {.name = "message", .type = object, .shape = &parts::message},
    {.name = "unavailableReason", .type = string, .allowed = "not_found|oversized|not_visible"},
};

constexpr Field inject_fields[] = {
    {"ok", boolean, required},
    {"messageId", text, required},
};

constexpr Field commands_fields[] = {
    {.name = "commands", .type = array, .required = true, .item = object},
};

}  // namespace

const Payload chat_metadata_result{{metadata_fields}};
const Payload chat_message_get_result{{message_get_fields}};
const Payload chat_inject_result{{inject_fields}};
const Payload commands_list_result{{commands_fields}};

}  // namespace omenia::rpc
