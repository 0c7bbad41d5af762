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

constexpr Field sessions_list_fields[] = {
    {.name = "limit", .type = integer, .min = 1},
    {.name = "offset", .type = integer, .min = 0},
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
    {"includeDerivedTitles", boolean},
    {"includeLastMessage", boolean},
    {"includeActivitySummary", boolean},
    {.name = "label", .type = string, .max = 512},
    {"projectId", text},
    {"workspaceDir", text},
    {"group", string},
    {"pinned", boolean},
    {.name = "boardFace", .type = string, .allowed = "chat|dashboard"},
    {"hasBoard", boolean},
    {"creatorId", text},
    {"ownerId", text},
    {"ownerFirst", boolean},
    {"involvingMe", boolean},
    {.name = "profileRelation", .type = object, .shape = &relation},
    {"involvingProfileId", text},
    {"includePeople", boolean},
    {"spawnedBy", text},
    {"agentId", text},
    {"search", string},
    {"archived", any},
};

constexpr Field messages_subscribe_fields[] = {
    {.name = "key", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"includeApprovals", boolean},
};

}  // namespace

const Shape sessions_list_params{sessions_list_fields};
const Shape messages_subscribe_params{messages_subscribe_fields};

}  // namespace omenia::rpc
