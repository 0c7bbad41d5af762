// Answers of the methods about sessions.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field sessions_list_fields[] = {
    {"ts", integer, required},
    {"path", text, required},
    {"count", integer, required},
    {"totalCount", integer, required},
    {"limitApplied", integer, required},
    {.name = "nextOffset", .type = integer, .required = true, .nullable = true},
    {"hasMore", boolean, required},
    {"owners", array, required},
    {.name = "defaults", .type = object, .required = true, .shape = &parts::defaults},
    {.name = "sessions", .type = array, .required = true, .shape = &parts::session, .item = object},
};
constexpr Shape sessions_list{sessions_list_fields};

constexpr Field sessions_subscribe_fields[] = {
    {"subscribed", boolean, required},
    {.name = "list", .type = object, .shape = &sessions_list},
};

constexpr Field messages_subscribe_fields[] = {{"subscribed", boolean, required}, {"key", text, required}};

}  // namespace

const Payload sessions_list_result{sessions_list};
const Payload sessions_subscribe_result{{sessions_subscribe_fields}};
const Payload messages_subscribe_result{{messages_subscribe_fields}};

}  // namespace omenia::rpc
