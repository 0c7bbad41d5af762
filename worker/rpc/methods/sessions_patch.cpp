// sessions.patch, sessions.patchMany: what clients set on sessions.

#include <algorithm>

#include "shared/base/clock.h"
#include "worker/rpc/frames.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_entry.h"
#include "worker/rpc/methods/session_settings.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

struct Change {
  sessions::SessionKey key;
  SessionExpectations expectations;
  SessionSettings settings;
};

Result<state::SessionRow> change(state::Tables& tables, const Change& wanted) {
  const std::int64_t now_ms = wall_ms();
  TRY_ASSIGN(state::SessionRow row, tables.sessions.get_or_create(wanted.key.text, wanted.key.agent_id, now_ms));
  TRY(wanted.expectations.check(row));
  TRY(wanted.settings.apply_to(row));
  row.updated_ms = std::max(row.updated_ms, now_ms);
  TRY(tables.sessions.write_settings(row));
  return row;
}

// The session that a target of patchMany names.
Result<sessions::SessionKey> key_of(const worker::Context& context, JsonView target) {
  TRY_ASSIGN(sessions::SessionKey key,
             sessions::parse_key(target["key"].text(), target["agentId"].text(context.default_agent())));
  TRY(check_agent(context, key.agent_id));
  return key;
}

// One row after the other, each in a unit of work of its own: what fails leaves the others alone.
Task<Result<state::SessionRow>> patch(CallPointer call, JsonView target, SessionSettings settings) {
  worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey key, key_of(context, target));
  const Change wanted{key, SessionExpectations::read(target), std::move(settings)};
  TRY_AWAIT(const state::SessionRow row, context.store->write<state::SessionRow>(
                                             [wanted](state::Tables& tables) { return change(tables, wanted); }));
  tell_session(context, row, "patch");
  co_return row;
}

void write_outcome(JsonWriter& writer, JsonView target, const Result<state::SessionRow>& row) {
  writer.begin_object().member("ok", row.ok());
  writer.member("key", row.ok() ? std::string_view(row.value().key) : target["key"].text());
  if (row.ok()) {
    writer.member("agentId", row.value().agent_id);
  } else {
    write_error(writer, row.error());
  }
  writer.end_object();
}

}  // namespace

AnswerTask sessions_patch(CallPointer call) {
  CO_TRY_ASSIGN(SessionSettings settings, SessionSettings::read(call->params, call->context));
  auto patching = patch(call, call->params.view(), std::move(settings));
  auto patched = co_await std::move(patching);
  CO_TRY_ASSIGN(const state::SessionRow row, std::move(patched));
  JsonWriter writer(1024);
  writer.begin_object().member("ok", true).member("path", call->context.store->path()).member("key", row.key);
  write_entry(writer, row);
  write_resolved(writer, call->context, row);
  co_return Answer{writer.end_object().take()};
}

AnswerTask sessions_patch_many(CallPointer call) {
  CO_TRY_ASSIGN(const SessionSettings settings, SessionSettings::read(call->params["patch"], call->context));
  JsonWriter writer(1024);
  writer.begin_object().key("outcomes").begin_array();
  for (JsonView target = call->params["targets"].first(); target; target = target.next()) {
    auto patching = patch(call, target, settings);
    const Result<state::SessionRow> row = co_await std::move(patching);
    write_outcome(writer, target, row);
  }
  co_return Answer{writer.end_array().end_object().take()};
}

}  // namespace omenia::rpc::methods
