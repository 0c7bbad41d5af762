// Answers of the methods about what this release does not have.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field channels_fields[] = {
    {"ts", integer, required},
    {.name = "channelOrder", .type = array, .required = true, .item = text},
    {"channelLabels", object, required},
    {"channels", object, required},
    {"channelAccounts", object, required},
    {"channelDefaultAccountId", object, required},
    {.name = "channelMeta", .type = array, .required = true, .item = object},
    {.name = "eventLoop", .type = object, .required = true, .shape = &parts::event_loop},
};

constexpr Field questions_fields[] = {
    {.name = "questions", .type = array, .required = true, .item = object},
};

constexpr Field exec_policy_fields[] = {
    {"path", text, required}, {"exists", boolean, required},          {"file", object, required},
    {"hash", text, required}, {"resolvedDefaults", object, required},
};

constexpr Field suggestions_fields[] = {
    {.name = "suggestions", .type = array, .required = true, .item = object},
};

constexpr Field plugins_fields[] = {
    {"revision", text, required},
    {.name = "plugins", .type = array, .required = true, .item = object},
    {"diagnostics", array, required},
};

constexpr Field pull_requests_fields[] = {
    {"subscribed", boolean, required},
};

constexpr Field prefs_fields[] = {
    {"status", text, required},
};

constexpr Field done_fields[] = {
    {"ok", boolean, required},
};

constexpr Field viewers_fields[] = {
    {.name = "sessionKeys", .type = array, .required = true, .item = string},
};

constexpr Field catalogs_fields[] = {
    {.name = "catalogs", .type = array, .required = true, .item = object},
};

constexpr Field board_fields[] = {
    {"sessionKey", text, required},
    {"revision", integer, required},
    {.name = "tabs", .type = array, .required = true, .item = object},
    {.name = "widgets", .type = array, .required = true, .item = object},
};

constexpr Field projects_fields[] = {
    {.name = "projects", .type = array, .required = true, .item = object},
};

constexpr Field github_fields[] = {
    {"personal", object, required},
    {.name = "shared", .type = object, .required = true, .nullable = true},
    {.name = "pendingPersonal", .type = object, .required = true, .nullable = true},
    {.name = "latestShared", .type = object, .required = true, .nullable = true},
};

constexpr Field talk_fields[] = {
    {.name = "modes", .type = array, .required = true, .item = text},
    {.name = "transports", .type = array, .required = true, .item = text},
    {.name = "brains", .type = array, .required = true, .item = text},
    {"speech", object, required},
    {"transcription", object, required},
    {"realtime", object, required},
};

constexpr Field members_fields[] = {
    {"sessionKey", text, required},
    {.name = "members", .type = array, .required = true, .item = object},
    {.name = "identities", .type = array, .required = true, .item = object},
    {.name = "role", .type = string, .required = true, .allowed = "admin|owner|member|viewer"},
    {.name = "allowedVisibilities", .type = array, .required = true, .item = text},
};

constexpr Field discussion_fields[] = {
    {.name = "state", .type = string, .required = true, .allowed = "none|available|open"},
};

constexpr Field card_fields[] = {
    {.name = "card", .type = object, .required = true, .nullable = true},
};

constexpr Field mentions_fields[] = {
    {"gatewayInstanceId", text, required},
    {"revision", integer, required},
    {.name = "items", .type = array, .required = true, .item = object},
};

constexpr Field companion_fields[] = {
    {.name = "exchanges", .type = array, .required = true, .item = object},
};

constexpr Field jobs_fields[] = {
    {.name = "jobs", .type = array, .required = true, .item = object},
    {"snapshotRevision", text, required},
    {"total", integer, required},
    {"offset", integer, required},
    {"limit", integer, required},
    {"hasMore", boolean, required},
    {.name = "nextOffset", .type = integer, .required = true, .nullable = true},
    {"deliveryPreviews", object, required},
};

constexpr Field scheduler_fields[] = {
    {"enabled", boolean, required},
    {"triggersEnabled", boolean, required},
    {"storePath", text, required},
    {"storage", text, required},
    {"sqlitePath", text, required},
    {"jobs", integer, required},
    {.name = "nextWakeAtMs", .type = integer, .required = true, .nullable = true},
};

constexpr Field skills_fields[] = {
    {"workspaceDir", string, required},
    {"managedSkillsDir", string, required},
    {"agentId", text, required},
    {.name = "skills", .type = array, .required = true, .item = object},
};

constexpr Field approval_fields[] = {
    {"id", text, required},
};

}  // namespace

const Payload channels_status_result{{channels_fields}};
const Payload question_list_result{{questions_fields}};
const Payload exec_approvals_get_result{{exec_policy_fields}};
const Payload task_suggestions_result{{suggestions_fields}};
const Payload control_ui_plugins_result{{plugins_fields}};
const Payload pull_requests_result{{pull_requests_fields}};
const Payload user_prefs_result{{prefs_fields}};
const Payload ok_result{{done_fields}};
const Payload viewers_set_result{{viewers_fields}};
const Payload sessions_catalog_result{{catalogs_fields}};
const Payload board_get_result{{board_fields}};
const Payload projects_list_result{{projects_fields}};
const Payload github_options_result{{github_fields}};
const Payload talk_catalog_result{{talk_fields}};
const Payload members_result{{members_fields}};
const Payload discussion_info_result{{discussion_fields}};
const Payload progress_card_result{{card_fields}};
const Payload mentions_list_result{{mentions_fields}};
const Payload companion_state_result{{companion_fields}};
const Payload cron_list_result{{jobs_fields}};
const Payload cron_status_result{{scheduler_fields}};
const Payload skills_status_result{{skills_fields}};
const Payload approval_list_result{{approval_fields, open}, array};

}  // namespace omenia::rpc
