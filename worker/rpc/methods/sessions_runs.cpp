// sessions.send, sessions.steer, sessions.abort: messages to sessions that are there, and their end.

#include "shared/base/ids.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_entry.h"
#include "worker/rpc/methods/submission.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

// `interrupted`: whether the session's runs are stopped first, so that this message is answered next.
AnswerTask send(CallPointer call, bool interrupts) {
  worker::Context& context = call->context;
  CO_TRY(refuse_unavailable(*call));
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call, "key"));
  using Found = std::optional<state::SessionRow>;
  TRY_AWAIT(const Found row,
            context.store->read<Found>([key = key.text](state::Tables& tables) { return tables.sessions.find(key); }));
  if (!row) co_return fail(ErrorCode::not_found, "session not found: " + key.text);
  bool interrupted = false;
  if (interrupts) {
    auto stopping = stop_runs(call, key.text, "steer");
    auto stopped = co_await std::move(stopping);
    CO_TRY_ASSIGN(interrupted, std::move(stopped));
  }
  agents::RunRequest request = request_of(*call, key, "chat");
  if (request.run_id.empty()) request.run_id = ordered_uuid();
  if (const JsonView timeout = call->params["timeoutMs"]) request.timeout_ms = timeout.integer();
  TRY_AWAIT(const agents::Submission submission, context.runs->submit(std::move(request)));
  JsonWriter writer;
  write_submission(writer.begin_object(), submission);
  if (interrupted) writer.member("interruptedActiveRun", true);
  co_return Answer{writer.end_object().take()};
}

}  // namespace

AnswerTask sessions_send(CallPointer call) {
  return send(std::move(call), false);
}

AnswerTask sessions_steer(CallPointer call) {
  return send(std::move(call), true);
}

AnswerTask sessions_abort(CallPointer call) {
  worker::Context& context = call->context;
  const std::string run_id(call->params["runId"].text());
  std::string key;
  if (call->params["key"]) {
    CO_TRY_ASSIGN(const sessions::SessionKey named, named_session(*call, "key"));
    key = named.text;
  } else if (const auto run = context.runs->find(run_id)) {
    key = run->request.session.text;
  } else if (run_id.empty()) {
    co_return fail(ErrorCode::invalid_request, "sessions.abort needs key or runId");
  }
  const std::vector<std::string> stopped = context.runs->abort(key, run_id, "rpc");
  JsonWriter writer;
  writer.begin_object().member("ok", true).key("abortedRunId");
  stopped.empty() ? writer.null() : writer.value(stopped.front());
  writer.member("status", stopped.empty() ? "no-active-run" : "aborted");
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
