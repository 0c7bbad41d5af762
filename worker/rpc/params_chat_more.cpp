// Parameters of the methods beside a conversation.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);

constexpr Field chat_startup_fields[] = {
    {.name = "sessionKey", .type = text, .max = key_chars},
    {"agentId", text},
    {"cursor", string},
    {.name = "limit", .type = integer, .min = 1, .max = 1000},
    {.name = "maxBytes", .type = integer, .min = 1024},
    {.name = "offset", .type = integer, .min = 0},
    {.name = "pendingBefore", .type = integer, .min = 1},
    {.name = "inputRunIds", .type = array, .max = 50, .item = string},
    {"messageId", text},
    {"sessionId", text},
    {.name = "maxChars", .type = integer, .min = 1, .max = 500000},
    {"shortId", text},
    {"slugHint", text},
};

constexpr Field chat_metadata_fields[] = {
    {"agentId", text},
    {.name = "authProfileId", .type = string, .max = 256},
    {.name = "sessionKey", .type = text, .max = key_chars},
};

constexpr Field chat_message_get_fields[] = {
    {.name = "sessionKey", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"messageId", text, required},
    {.name = "maxChars", .type = integer, .min = 1, .max = 2000000},
};

constexpr Field chat_inject_fields[] = {
    {.name = "sessionKey", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"message", text, required},
    {.name = "label", .type = string, .max = 100},
};

constexpr Field commands_list_fields[] = {
    {.name = "sessionKey", .type = text, .max = key_chars},           {"agentId", text},        {"provider", text},
    {.name = "scope", .type = string, .allowed = "text|native|both"}, {"includeArgs", boolean},
};

}  // namespace

const Shape chat_startup_params{chat_startup_fields};
const Shape chat_metadata_params{chat_metadata_fields};
const Shape chat_message_get_params{chat_message_get_fields};
const Shape chat_inject_params{chat_inject_fields};
const Shape commands_list_params{commands_list_fields};

}  // namespace omenia::rpc
