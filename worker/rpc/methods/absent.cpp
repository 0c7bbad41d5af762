// What clients of the control page ask for at their start and this release does not have: questions, approvals,
// suggestions, plugins, boards, jobs, channels and more. Each answer says truly that there is nothing.

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/config/agents.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

AnswerTask nothing(const char* payload) {
  co_return Answer{payload};
}

// {"sessionKey":...} and members that say what the session does not have.
AnswerTask nothing_of_session(CallPointer call, const char* members) {
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
  JsonWriter writer;
  writer.begin_object().member("sessionKey", key.text).raw(members);
  co_return Answer{writer.end_object().take()};
}

}  // namespace

AnswerTask question_list(CallPointer) {
  return nothing(R"({"questions":[]})");
}
AnswerTask exec_approval_list(CallPointer) {
  return nothing("[]");
}
AnswerTask plugin_approval_list(CallPointer) {
  return nothing("[]");
}
AnswerTask system_approval_list(CallPointer) {
  return nothing("[]");
}
AnswerTask task_suggestions_list(CallPointer) {
  return nothing(R"({"suggestions":[]})");
}
AnswerTask control_ui_plugins_list(CallPointer) {
  return nothing(R"({"revision":"0","plugins":[],"diagnostics":[]})");
}
AnswerTask pull_requests_subscribe(CallPointer) {
  return nothing(R"({"subscribed":false})");
}
AnswerTask user_prefs_get(CallPointer) {
  return nothing(R"({"status":"no_durable_identity"})");
}
AnswerTask sessions_catalog_list(CallPointer) {
  return nothing(R"({"catalogs":[]})");
}
AnswerTask projects_list(CallPointer) {
  return nothing(R"({"projects":[]})");
}
AnswerTask talk_catalog(CallPointer) {
  return nothing(
      R"({"modes":[],"transports":[],"brains":[],"speech":{"providers":[]},"transcription":{"providers":[]},"realtime":{"providers":[]}})");
}
AnswerTask discussion_info(CallPointer) {
  return nothing(R"({"state":"none"})");
}
AnswerTask progress_card_get(CallPointer) {
  return nothing(R"({"card":null})");
}
AnswerTask companion_state(CallPointer) {
  return nothing(R"({"exchanges":[]})");
}
AnswerTask github_options(CallPointer) {
  return nothing(
      R"({"personal":{"state":"unavailable","generation":null,"account":null,"accessExpiresAtMs":null,"refreshState":"not_applicable","pending":null},"shared":null,"pendingPersonal":null,"latestShared":null})");
}

AnswerTask board_get(CallPointer call) {
  return nothing_of_session(std::move(call), R"("revision":0,"tabs":[],"widgets":[])");
}

// Without profiles, who holds a token of the gateway is its operator.
AnswerTask members_list_evidence(CallPointer call) {
  return nothing_of_session(std::move(call),
                            R"("members":[],"identities":[],"role":"admin","allowedVisibilities":["shared"])");
}

AnswerTask mentions_list(CallPointer call) {
  JsonWriter writer;
  writer.begin_object().member("gatewayInstanceId", call->context.instance_id).member("revision", 0);
  co_return Answer{writer.key("items").begin_array().end_array().end_object().take()};
}

// Nothing in this release depends on who looks at what.
AnswerTask observer_visibility(CallPointer) {
  return nothing(R"({"ok":true})");
}
AnswerTask viewers_set(CallPointer call) {
  JsonWriter writer;
  writer.begin_object().member("sessionKeys", call->params["sessionKeys"]);
  co_return Answer{writer.end_object().take()};
}

AnswerTask cron_list(CallPointer call) {
  constexpr std::int64_t jobs_default = 50;
  JsonWriter writer;
  writer.begin_object().key("jobs").begin_array().end_array().member("snapshotRevision", "0").member("total", 0);
  writer.member("offset", call->params["offset"].integer(0));
  writer.member("limit", call->params["limit"].integer(jobs_default)).member("hasMore", false);
  writer.key("nextOffset").null().key("deliveryPreviews").begin_object().end_object();
  co_return Answer{writer.end_object().take()};
}

AnswerTask cron_status(CallPointer call) {
  const std::string& path = call->context.store->path();
  JsonWriter writer;
  writer.begin_object().member("enabled", false).member("triggersEnabled", false).member("storePath", path);
  writer.member("storage", "sqlite").member("sqlitePath", path).member("jobs", 0).key("nextWakeAtMs").null();
  co_return Answer{writer.end_object().take()};
}

// No command is executed in this release, so nothing is allowed.
AnswerTask exec_approvals_get(CallPointer call) {
  constexpr std::string_view file = R"({"version":1,"defaults":{},"agents":{}})";
  JsonWriter writer;
  writer.begin_object().member("path", call->context.store->path()).member("exists", false);
  writer.raw_member("file", file).member("hash", sha256_hex(file));
  writer.raw_member("resolvedDefaults",
                    R"({"security":"deny","ask":"off","askFallback":"deny","autoAllowSkills":false})");
  co_return Answer{writer.end_object().take()};
}

AnswerTask skills_status(CallPointer call) {
  const worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
  const auto config = context.config();
  const AgentConfig* agent = find_agent(*config, key.agent_id);
  const bool has_own = agent && !agent->workspace.empty();
  const std::string& workspace = has_own ? agent->workspace : config->default_workspace;
  JsonWriter writer;
  writer.begin_object().member("workspaceDir", workspace).member("managedSkillsDir", "");
  writer.member("agentId", key.agent_id).key("skills").begin_array().end_array();
  co_return Answer{writer.end_object().take()};
}

AnswerTask channels_status(CallPointer call) {
  JsonWriter writer;
  writer.begin_object().member("ts", wall_ms()).key("channelOrder").begin_array().end_array();
  for (const char* map : {"channelLabels", "channels", "channelAccounts", "channelDefaultAccountId"})
    writer.key(map).begin_object().end_object();
  writer.key("channelMeta").begin_array().end_array();
  writer.raw_member("eventLoop", call->context.monitor.to_json());
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
