// chat.send, chat.history, chat.abort: conversations as people see them.

#include <algorithm>

#include "shared/json/writer.h"
#include "worker/agents/transcript.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_defaults.h"
#include "worker/rpc/methods/submission.h"
#include "worker/rpc/run_request.h"
#include "worker/sessions/roster.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t messages_default = 200;

// A session's row and a window of its messages.
struct History {
  std::optional<state::SessionRow> session;
  std::vector<state::EntryRow> entries;
  std::int64_t total = 0;
};

Result<History> read_history(state::Tables& tables, const std::string& key, std::int64_t limit, std::int64_t offset) {
  History history;
  TRY_ASSIGN(history.session, tables.sessions.find(key));
  if (!history.session) return history;
  const std::string& id = history.session->session_id;
  TRY_ASSIGN(history.total, tables.entries.count(id));
  const std::int64_t before_seq = offset > 0 ? history.session->next_seq - offset : 0;
  if (offset > 0 && before_seq <= 1) return history;
  TRY_ASSIGN(history.entries, tables.entries.window(id, before_seq, limit));
  return history;
}

// Messages from the newest backwards until the byte limit, then in order.
std::size_t first_that_fits(const std::vector<std::string>& messages, std::size_t bytes_max) {
  std::size_t bytes = 0;
  std::size_t first = messages.size();
  while (first > 0 && bytes + messages[first - 1].size() <= bytes_max) bytes += messages[--first].size();
  return first;
}

void write_run_under_way(JsonWriter& writer, const worker::Context& context, const std::string& key) {
  for (const auto& run : context.runs->of_session(key)) {
    if (run->started_ms == 0) continue;
    writer.key("inFlightRun").begin_object().member("runId", run->request.run_id).member("text", run->text);
    writer.member("startedAt", run->started_ms).end_object();
    return;
  }
}

}  // namespace

AnswerTask chat_history(CallPointer call) {
  const worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
  const std::int64_t limit = call->params["limit"].integer(messages_default);
  const std::int64_t offset = call->params["offset"].integer(0);
  const auto bytes_max = static_cast<std::size_t>(std::min<std::int64_t>(
      call->params["maxBytes"].integer(limits::history_answer_bytes_max), limits::history_answer_bytes_max));
  TRY_AWAIT(const History history, context.store->read<History>([key = key.text, limit, offset](state::Tables& tables) {
    return read_history(tables, key, limit, offset);
  }));
  std::vector<std::string> messages;
  for (const state::EntryRow& entry : history.entries) messages.push_back(agents::wire_message(entry));
  const std::size_t first = first_that_fits(messages, bytes_max);
  const std::int64_t shown = static_cast<std::int64_t>(messages.size() - first);

  JsonWriter writer(1024);
  writer.begin_object().member("sessionKey", key.text);
  if (history.session) writer.member("sessionId", history.session->session_id);
  writer.key("messages").begin_array();
  for (std::size_t i = first; i < messages.size(); ++i) writer.raw(messages[i]);
  writer.end_array().key("pendingInputs").begin_object().key("items").begin_array().end_array();
  writer.member("total", 0).end_object();
  writer.member("hasMore", offset + shown < history.total).member("totalMessages", history.total);
  write_session_defaults(writer, context);
  if (history.session) {
    writer.key("sessionInfo");
    sessions::write_row(writer, *history.session, context.runs.get());
  }
  write_run_under_way(writer, context, key.text);
  co_return Answer{writer.end_object().take()};
}

// As chat.history: what a chat page paints first is in it.
AnswerTask chat_startup(CallPointer call) {
  if (call->params["shortId"])
    co_return fail(ErrorCode::invalid_request, "shortId is not available in this release; name the session by its key");
  auto reading = chat_history(call);
  auto history = co_await std::move(reading);
  co_return history;
}

AnswerTask chat_send(CallPointer call) {
  CO_TRY(refuse_unavailable(*call));
  CO_TRY_ASSIGN(sessions::SessionKey key, named_session(*call));
  agents::RunRequest request = request_of(*call, std::move(key), "chat");
  if (const JsonView timeout = call->params["timeoutMs"]) request.timeout_ms = timeout.integer();
  TRY_AWAIT(const agents::Submission submission, call->context.runs->submit(std::move(request)));
  JsonWriter writer;
  write_submission(writer.begin_object(), submission);
  co_return Answer{writer.end_object().take()};
}

AnswerTask chat_abort(CallPointer call) {
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
  const std::string run_id(call->params["runId"].text());
  const std::vector<std::string> stopped = call->context.runs->abort(key.text, run_id, "rpc");
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("aborted", !stopped.empty()).key("runIds").begin_array();
  for (const std::string& id : stopped) writer.value(id);
  co_return Answer{writer.end_array().end_object().take()};
}

}  // namespace omenia::rpc::methods
