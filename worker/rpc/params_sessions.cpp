// Parameters of the methods about sessions.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);

constexpr Field relation_fields[] = {
    {"profileId", text, required},
    {.name = "relationship", .type = string, .required = true, .allowed = "owned|created|involving"},
};

constexpr Shape relation{relation_fields};

constexpr Field page_fields[] = {
    {.name = "limit", .type = integer, .min = 1},
    {.name = "offset", .type = integer, .min = 0},
    {"includeDerivedTitles", boolean},
    {"includeLastMessage", boolean},
    {"includeActivitySummary", boolean},
    {"ownerFirst", boolean},
    {"includePeople", boolean},
};

// Which sessions are meant.
constexpr Field roster_fields[] = {
    {.name = "activeMinutes", .type = integer, .min = 1},
    {"activeOnly", boolean},
    {"requireLastInteraction", boolean},
    {.name = "sortBy", .type = string, .allowed = "updatedAt|lastInteractionAt|activity"},
    {"includeGlobal", boolean},
    {"includeUnknown", boolean},
    {"excludeSubagents", boolean},
    {"excludeCron", boolean},
    {"excludeSystem", boolean},
    {"configuredAgentsOnly", boolean},
    {.name = "label", .type = string, .max = 512},
    {"projectId", text},
    {"workspaceDir", text},
    {"group", string},
    {"pinned", boolean},
    {.name = "boardFace", .type = string, .allowed = "chat|dashboard"},
    {"hasBoard", boolean},
    {"creatorId", text},
    {"ownerId", text},
    {"involvingMe", boolean},
    {.name = "profileRelation", .type = object, .shape = &relation},
    {"involvingProfileId", text},
    {"spawnedBy", text},
    {"agentId", text},
    {"search", string},
    {"archived", any},
};
constexpr Shape roster{roster_fields};
constexpr auto sessions_list_fields = joined(page_fields, roster_fields);

constexpr Field sessions_search_fields[] = {
    {"agentId", text},
    {.name = "sessionKeys", .type = array, .max = limits::search_sessions_max, .item = text},
    {.name = "scope", .type = object, .shape = &roster},
    {.name = "query", .type = string, .required = true, .max = limits::search_query_chars_max},
    {.name = "limit", .type = integer, .min = 1, .max = limits::search_results_max},
};

constexpr Field messages_subscribe_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"includeApprovals", boolean},
};

}  // namespace

const Shape sessions_list_params{sessions_list_fields};
const Shape sessions_search_params{sessions_search_fields};
const Shape messages_subscribe_params{messages_subscribe_fields};

}  // namespace omenia::rpc
