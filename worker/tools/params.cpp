// The shapes of the tools' arguments.

#include "shared/base/limits.h"
#include "worker/tools/handlers.h"

namespace omenia::tools {

namespace {

using enum JsonType;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);
constexpr std::int64_t name_chars = 512;

constexpr Field list_fields[] = {
    {.name = "kinds", .type = array, .max = 8, .item = text},
    {.name = "limit", .type = integer, .min = 1, .max = limits::tool_sessions_max},
    {.name = "offset", .type = integer, .min = 0},
    {.name = "activeMinutes", .type = integer, .min = 1, .max = 1'000'000},
    {.name = "agentId", .type = text, .max = name_chars},
    {.name = "search", .type = text, .max = name_chars},
    {.name = "label", .type = text, .max = name_chars},
    {.name = "group", .type = text, .max = name_chars},
    {"pinned", boolean},
    {"archived", boolean},
    {.name = "messageLimit", .type = integer, .min = 0, .max = limits::tool_messages_max},
};
constexpr Field history_fields[] = {
    {.name = "sessionKey", .type = text, .required = true, .max = key_chars},
    {.name = "limit", .type = integer, .min = 1, .max = limits::session_page_rows_max},
    {.name = "offset", .type = integer, .min = 0},
};
constexpr Field status_fields[] = {
    {.name = "sessionKey", .type = text, .max = key_chars},
};

}  // namespace

const Shape agents_list_params{};
const Shape sessions_list_params{list_fields};
const Shape sessions_history_params{history_fields};
const Shape session_status_params{status_fields};

}  // namespace omenia::tools
