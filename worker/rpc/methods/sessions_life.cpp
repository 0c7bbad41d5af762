// sessions.create, sessions.reset, sessions.delete, sessions.fork, sessions.rewind: sessions come, go and begin anew.

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "worker/agents/transcript.h"
#include "worker/rpc/frames.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_entry.h"
#include "worker/rpc/methods/session_settings.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

// Parameters of sessions.create that are settings of the row; the others say what else is to happen.
constexpr std::string_view created_settings[] = {
    "label",         "category",  "model",          "agentRuntime",    "contextWindow",
    "thinkingLevel", "fastMode",  "permissionMode", "toolOverrides",   "parentSessionKey",
    "incognito",     "catalogId", "fork",           "projectId",       "projectGitUrl",
    "repository",    "worktree",  "worktreeSource", "worktreeBaseRef", "worktreeName",
    "execNode",      "cwd"};

Result<SessionSettings> created_with(const Call& call) {
  Json settings = Json::object();
  for (const std::string_view name : created_settings)
    if (const JsonView member = call.params[name]) settings.set(name, Json::copy(member));
  if (const JsonView name = call.params["displayName"]) settings.set("autoLabel", Json::copy(name));
  const std::string_view visibility = call.params["visibility"].text("shared");
  if (visibility != "shared")
    return fail(ErrorCode::invalid_request, "visibility is not available in this release: every session is shared");
  return SessionSettings::read(settings, call.context);
}

// A repeated call without a key names the same session.
Result<sessions::SessionKey> created_key(const Call& call) {
  if (call.params["key"]) return named_session(call, "key");
  const std::string agent(call.params["agentId"].text(call.context.default_agent()));
  const std::string idempotency_key(call.params["idempotencyKey"].text());
  constexpr std::size_t digits = 32;
  const std::string name =
      idempotency_key.empty() ? random_uuid() : sha256_hex("sessions.create " + idempotency_key).substr(0, digits);
  return sessions::make_key(agent, "dashboard:" + name);
}

Result<state::SessionRow> create(state::Tables& tables, const sessions::SessionKey& key,
                                 const SessionSettings& settings) {
  TRY_ASSIGN(state::SessionRow row, tables.sessions.get_or_create(key.text, key.agent_id, wall_ms()));
  TRY(settings.apply_to(row));
  TRY(tables.sessions.write_settings(row));
  return row;
}

// The first message of a created session, if there is one.
std::optional<agents::RunRequest> first_run(const Call& call, const sessions::SessionKey& key) {
  std::string_view message = call.params["message"].text();
  if (message.empty()) message = call.params["task"].text();
  if (message.empty()) return std::nullopt;
  agents::RunRequest request = request_of(call, key, "chat");
  request.message = message;
  request.run_id = request.run_id.empty() ? random_uuid() : "create:" + request.run_id;
  if (const JsonView timeout = call.params["timeoutMs"]) request.timeout_ms = timeout.integer();
  return request;
}

Result<state::SessionRow> reset(state::Tables& tables, const sessions::SessionKey& key,
                                const SessionExpectations& expectations) {
  TRY(check_idle(tables, key.text));
  TRY_ASSIGN(const state::SessionRow row, tables.sessions.get_or_create(key.text, key.agent_id, wall_ms()));
  TRY(expectations.check(row));
  TRY(tables.system_events.discard(key.text));
  return tables.sessions.restart(key.text, wall_ms());
}

struct Deletion {
  sessions::SessionKey key;
  SessionExpectations expectations;
  bool archived_only = false;
  bool with_transcript = false;
};
using Deleted = std::optional<state::SessionRow>;

Result<Deleted> remove(state::Tables& tables, const Deletion& wanted) {
  TRY_ASSIGN(Deleted row, tables.sessions.find(wanted.key.text));
  if (!row) return row;
  TRY(check_idle(tables, wanted.key.text));
  TRY(wanted.expectations.check(*row));
  if (wanted.archived_only && !row->archived)
    return fail(ErrorCode::invalid_request, "session " + row->key + " is not archived");
  if (wanted.with_transcript) TRY(tables.entries.remove_all(row->session_id));
  TRY(tables.system_events.discard(row->key));
  TRY(tables.sessions.remove(row->key));
  return row;
}

struct Forked {
  state::SessionRow row;
  std::string editor_text;  // Of the message that the copy stops before, for who writes it anew.
};

// Where a transcript is cut: before a message of the user, who gets to write it anew; after anything else.
struct Cut {
  std::string session_id;
  std::int64_t end_seq = 0;
  std::string editor_text;
};

Result<Cut> cut_at(state::Tables& tables, const state::SessionRow& row, const std::string& entry_id) {
  TRY_ASSIGN(const auto entry, tables.entries.find(row.session_id, entry_id));
  if (!entry) return fail(ErrorCode::not_found, "entry not found: " + entry_id);
  Cut cut{row.session_id, entry->seq + 1, {}};
  if (entry->role != "user") return cut;
  TRY_ASSIGN(const Json body, Json::parse(entry->body));
  cut.editor_text = agents::text_of(body["content"]);
  cut.end_seq = entry->seq;
  return cut;
}

Result<Forked> fork(state::Tables& tables, const sessions::SessionKey& from, const sessions::SessionKey& to,
                    const std::string& entry_id) {
  TRY_ASSIGN(const auto source, tables.sessions.find(from.text));
  if (!source) return no_session(from.text);
  TRY_ASSIGN(Cut cut, cut_at(tables, *source, entry_id));
  Forked forked;
  forked.editor_text = std::move(cut.editor_text);
  TRY_ASSIGN(forked.row, tables.sessions.get_or_create(to.text, to.agent_id, wall_ms()));
  TRY(tables.entries.copy(cut.session_id, forked.row.session_id, cut.end_seq));
  forked.row.label = source->label;
  forked.row.category = source->category;
  forked.row.model_override = source->model_override;
  forked.row.thinking_level = source->thinking_level;
  forked.row.look = source->look;
  TRY(tables.sessions.write_settings(forked.row));
  return forked;
}

// Entries are never taken away: the session goes on with a copy of those that stay. The others lie under the id that it
// had, as after a reset.
Result<Forked> rewind(state::Tables& tables, const sessions::SessionKey& key, const std::string& entry_id) {
  TRY(check_idle(tables, key.text));
  TRY_ASSIGN(const auto row, tables.sessions.find(key.text));
  if (!row) return no_session(key.text);
  TRY_ASSIGN(Cut cut, cut_at(tables, *row, entry_id));
  Forked rewound;
  rewound.editor_text = std::move(cut.editor_text);
  TRY_ASSIGN(rewound.row, tables.sessions.restart(key.text, wall_ms()));
  TRY(tables.entries.copy(cut.session_id, rewound.row.session_id, cut.end_seq));
  return rewound;
}

}  // namespace

AnswerTask sessions_create(CallPointer call) {
  worker::Context& context = call->context;
  CO_TRY(refuse_unavailable(*call));
  CO_TRY_ASSIGN(const SessionSettings settings, created_with(*call));
  CO_TRY_ASSIGN(const sessions::SessionKey key, created_key(*call));
  CO_TRY(check_agent(context, key.agent_id));
  TRY_AWAIT(const state::SessionRow row,
            context.store->write<state::SessionRow>(
                [key, settings](state::Tables& tables) { return create(tables, key, settings); }));
  tell_session(context, row, "create");
  JsonWriter writer(1024);
  writer.begin_object().member("ok", true).member("key", row.key).member("sessionId", row.session_id);
  write_entry(writer, row);
  write_resolved(writer, context, row);
  auto request = first_run(*call, key);
  if (!request) co_return Answer{writer.member("runStarted", false).end_object().take()};
  const std::string run_id = request->run_id;
  auto submitting = context.runs->submit(std::move(*request));
  const Result<agents::Submission> submission = co_await std::move(submitting);
  writer.member("runStarted", submission.ok());
  if (submission.ok()) {
    writer.member("runId", run_id);
  } else {
    write_error(writer, submission.error(), "runError");
  }
  co_return Answer{writer.end_object().take()};
}

AnswerTask sessions_reset(CallPointer call) {
  worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call, "key"));
  CO_TRY(check_agent(context, key.agent_id));
  auto stopping = stop_runs(call, key.text, "reset");
  auto stopped = co_await std::move(stopping);
  CO_TRY(stopped);
  const SessionExpectations expectations = SessionExpectations::read(call->params);
  TRY_AWAIT(const state::SessionRow row,
            context.store->write<state::SessionRow>(
                [key, expectations](state::Tables& tables) { return reset(tables, key, expectations); }));
  tell_session(context, row, call->params["reason"].text("reset"));
  JsonWriter writer(1024);
  writer.begin_object().member("ok", true).member("key", row.key);
  write_entry(writer, row);
  write_resolved(writer, context, row);
  co_return Answer{writer.end_object().take()};
}

AnswerTask sessions_delete(CallPointer call) {
  worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call, "key"));
  if (key.is_main()) co_return fail(ErrorCode::invalid_request, "the main session " + key.text + " cannot be deleted");
  const Deletion wanted{key, SessionExpectations::read(call->params), call->params["archivedOnly"].boolean(),
                        call->params["deleteTranscript"].boolean()};
  if (!wanted.archived_only) {
    auto stopping = stop_runs(call, key.text, "delete");
    auto stopped = co_await std::move(stopping);
    CO_TRY(stopped);
  }
  TRY_AWAIT(const Deleted row,
            context.store->write<Deleted>([wanted](state::Tables& tables) { return remove(tables, wanted); }));
  if (row) tell_session_gone(context, *row);
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("key", key.text).member("deleted", row.has_value());
  writer.key("archived").begin_array();
  if (row && !wanted.with_transcript) writer.value(row->session_id);
  co_return Answer{writer.end_array().end_object().take()};
}

AnswerTask sessions_fork(CallPointer call) {
  worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey from, named_session(*call));
  CO_TRY(check_agent(context, from.agent_id));
  const sessions::SessionKey to = sessions::make_key(from.agent_id, "dashboard:" + random_uuid());
  const std::string entry_id(call->params["entryId"].text());
  TRY_AWAIT(const Forked forked, context.store->write<Forked>([from, to, entry_id](state::Tables& tables) {
    return fork(tables, from, to, entry_id);
  }));
  tell_session(context, forked.row, "fork");
  JsonWriter writer;
  writer.begin_object().member("sessionKey", forked.row.key);
  if (!forked.editor_text.empty()) writer.member("editorText", forked.editor_text);
  co_return Answer{writer.end_object().take()};
}

AnswerTask sessions_rewind(CallPointer call) {
  worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
  CO_TRY(check_agent(context, key.agent_id));
  auto stopping = stop_runs(call, key.text, "rewind");
  auto stopped = co_await std::move(stopping);
  CO_TRY(stopped);
  const std::string entry_id(call->params["entryId"].text());
  TRY_AWAIT(const Forked rewound, context.store->write<Forked>([key, entry_id](state::Tables& tables) {
    return rewind(tables, key, entry_id);
  }));
  tell_session(context, rewound.row, "rewind");
  JsonWriter writer;
  writer.begin_object();
  if (!rewound.editor_text.empty()) writer.member("editorText", rewound.editor_text);
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
