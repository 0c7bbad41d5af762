// Parameters of the methods that run agents and show conversations.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;
constexpr auto key_chars = static_cast<std::int64_t>(limits::session_key_chars_max);
constexpr std::int64_t run_id_chars = 256;

constexpr Field session_fields[] = {{.name = "sessionKey", .type = text, .required = true, .max = key_chars}};
constexpr Field any_session_fields[] = {{.name = "sessionKey", .type = text, .max = key_chars}};
constexpr Field reference_fields[] = {{"shortId", text}, {"slugHint", text}};

// Which messages of a session are asked for.
constexpr Field window_fields[] = {
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

constexpr auto chat_history_fields = joined(session_fields, window_fields);
constexpr auto chat_startup_fields = joined(any_session_fields, window_fields, reference_fields);

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

const Shape chat_history_params{chat_history_fields};
const Shape chat_send_params{chat_send_fields};
const Shape chat_abort_params{chat_abort_fields};
const Shape agent_params{agent_fields};
const Shape agent_wait_params{agent_wait_fields};
const Shape chat_startup_params{chat_startup_fields};
const Shape chat_metadata_params{chat_metadata_fields};
const Shape chat_message_get_params{chat_message_get_fields};
const Shape chat_inject_params{chat_inject_fields};
const Shape commands_list_params{commands_list_fields};

}  // namespace omenia::rpc
