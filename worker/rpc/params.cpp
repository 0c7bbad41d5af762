#include "worker/rpc/params.h"

#include "shared/base/limits.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);
constexpr std::int64_t run_id_chars = 256;

constexpr Field health_fields[] = {{"probe", boolean}};
constexpr Field status_fields[] = {{"includeChannelSummary", boolean}};

constexpr Field logs_tail_fields[] = {
    {.name = "cursor", .type = integer, .min = 0},
    {.name = "limit", .type = integer, .min = 1, .max = limits::logs_tail_lines_max},
    {.name = "maxBytes", .type = integer, .min = 1, .max = static_cast<std::int64_t>(limits::logs_tail_bytes_max)},
};

constexpr Field models_list_fields[] = {
    {"agentId", text},
    {"sessionKey", text},
    {"authProfileId", string},
    {"provider", text},
    {"includeDetails", boolean},
    {"includeProviderCapabilities", boolean},
    {"includeDefaultModels", boolean},
    {"preparedOnly", boolean},
    {"refresh", boolean},
    {.name = "view", .type = string, .allowed = "default|configured|provider-config|all"},
};

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

constexpr Field chat_history_fields[] = {
    {.name = "sessionKey", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"cursor", string},
    {.name = "limit", .type = integer, .min = 1, .max = 1000},
    {.name = "maxBytes", .type = integer, .min = 1024},
    {.name = "offset", .type = integer, .min = 0},
    {.name = "pendingBefore", .type = integer, .min = 1},
    {.name = "inputRunIds", .type = array, .max = 50, .item = string},
    {"messageId", text},
    {"sessionId", text},
    {.name = "maxChars", .type = integer, .min = 1, .max = 500'000},
};

constexpr Field chat_send_fields[] = {
    {.name = "sessionKey", .type = string, .required = true, .max = key_chars},
    {"agentId", text},
    {"sessionId", text},
    {"message", string, required},
    {.name = "mentions", .type = array, .max = 10},
    {"workContext", object},
    {"intent", object},
    {"thinking", string},
    {"fastMode", any},
    {.name = "fastAutoOnSeconds", .type = integer, .min = 1},
    {.name = "queueMode", .type = string, .allowed = "steer|followup|collect|interrupt"},
    {"deliver", boolean},
    {"originatingChannel", string},
    {"originatingTo", string},
    {"originatingAccountId", string},
    {"originatingThreadId", string},
    {"replyToId", text},
    {"attachments", array},
    {"toolBindings", object},
    {.name = "timeoutMs", .type = integer, .min = 0},
    {"systemInputProvenance", object},
    {"systemProvenanceReceipt", string},
    {"suppressCommandInterpretation", boolean},
    {.name = "expectedLeafEntryId", .type = text, .nullable = true},
    {"expectedSessionRoutingContract", text},
    {.name = "expectedPermissionMode", .type = string, .nullable = true},
    {.name = "expectedToolOverrides", .type = object, .nullable = true},
    {.name = "idempotencyKey", .type = text, .required = true, .max = run_id_chars},
};

constexpr Field chat_abort_fields[] = {
    {.name = "sessionKey", .type = text, .required = true, .max = key_chars},
    {"agentId", text},
    {"runId", text},
    {"preserveSideRuns", boolean},
};

constexpr Field agent_fields[] = {
    {"message", text, required},
    {"agentId", text},
    {"provider", string},
    {"model", string},
    {"to", string},
    {"replyTo", string},
    {"sessionId", string},
    {.name = "sessionKey", .type = string, .max = key_chars},
    {"expectedExistingSessionId", text},
    {"thinking", string},
    {"deliver", boolean},
    {"attachments", array},
    {"channel", string},
    {"replyChannel", string},
    {"accountId", string},
    {"replyAccountId", string},
    {"threadId", string},
    {"groupId", string},
    {"groupChannel", string},
    {"groupSpace", string},
    {.name = "timeout", .type = integer, .min = 0},
    {"bestEffortDeliver", boolean},
    {"lane", string},
    {"cwd", text},
    {"cleanupBundleMcpOnRunEnd", boolean},
    {"modelRun", boolean},
    {.name = "promptMode", .type = string, .allowed = "full|minimal|none"},
    {"extraSystemPrompt", string},
    {.name = "bootstrapContextMode", .type = string, .allowed = "full|lightweight"},
    {.name = "bootstrapContextRunKind", .type = string, .allowed = "default|heartbeat|cron"},
    {"acpTurnSource", string},
    {"internalRuntimeHandoffId", text},
    {"internalExecutionIdentityRetry", boolean},
    {.name = "internalExecutionIdentityRecoveryAttempt", .type = integer, .min = 1},
    {"execApprovalFollowupExpectedSessionId", text},
    {"internalEvents", array},
    {"inputProvenance", object},
    {"suppressPromptPersistence", boolean},
    {.name = "sessionEffects", .type = string, .allowed = "visible|internal"},
    {.name = "sourceReplyDeliveryMode", .type = string, .allowed = "automatic|message_tool_only"},
    {"disableMessageTool", boolean},
    {"swarmCollector", boolean},
    {"swarmOutputSchema", object},
    {"forceRestartSafeTools", boolean},
    {"forceCodeModeTools", boolean},
    {"voiceWakeTrigger", string},
    {.name = "idempotencyKey", .type = text, .required = true, .max = run_id_chars},
    {.name = "label", .type = string, .max = 512},
};

constexpr Field agent_wait_fields[] = {
    {"runId", text, required},
    {.name = "timeoutMs", .type = integer, .min = 0},
};

constexpr Field config_set_fields[] = {{"raw", text, required}, {"baseHash", text}};

constexpr Field config_apply_fields[] = {
    {"raw", text, required},     {"baseHash", text}, {"sessionKey", string},
    {"deliveryContext", object}, {"note", string},   {.name = "restartDelayMs", .type = integer, .min = 0},
};

constexpr Field config_patch_fields[] = {
    {"raw", text, required},
    {"baseHash", text},
    {"sessionKey", string},
    {"deliveryContext", object},
    {"note", string},
    {.name = "restartDelayMs", .type = integer, .min = 0},
    {.name = "replacePaths",
     .type = array,
     .max = static_cast<std::int64_t>(limits::config_patch_paths_max),
     .item = text},
};

constexpr Field config_lookup_fields[] = {{.name = "path", .type = text, .required = true, .max = 1024}};

}  // namespace

const Shape no_params{{}};
const Shape health_params{health_fields};
const Shape status_params{status_fields};
const Shape logs_tail_params{logs_tail_fields};
const Shape models_list_params{models_list_fields};
const Shape sessions_list_params{sessions_list_fields};
const Shape messages_subscribe_params{messages_subscribe_fields};
const Shape chat_history_params{chat_history_fields};
const Shape chat_send_params{chat_send_fields};
const Shape chat_abort_params{chat_abort_fields};
const Shape agent_params{agent_fields};
const Shape agent_wait_params{agent_wait_fields};
const Shape config_set_params{config_set_fields};
const Shape config_apply_params{config_apply_fields};
const Shape config_patch_params{config_patch_fields};
const Shape config_lookup_params{config_lookup_fields};

}  // namespace omenia::rpc
