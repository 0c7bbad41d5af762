// sessions_history: the last messages of a session.

#include "shared/json/writer.h"
#include "state/store.h"
#include "worker/tools/handlers.h"
#include "worker/tools/messages.h"

namespace omenia::tools::handlers {

namespace {

constexpr std::int64_t messages_default = 50;

struct History {
  state::SessionRow session;
  std::vector<state::EntryRow> entries;
  std::int64_t total = 0;
};
using Found = std::optional<History>;

// `offset` counts from the newest.
Result<Found> read_history(state::Tables& tables, const std::string& key, std::int64_t limit, std::int64_t offset) {
  TRY_ASSIGN(const auto session, tables.sessions.find(key));
  if (!session) return Found();
  History history{*session, {}, session->next_seq - 1};
  if (offset >= history.total) return Found(std::move(history));
  TRY_ASSIGN(history.entries, tables.entries.window(session->session_id, offset > 0 ? session->next_seq - offset : 0,
                                                    limit, limits::history_answer_bytes_max));
  return Found(std::move(history));
}

}  // namespace

ToolTask sessions_history(ToolCallPointer call) {
  const std::string_view name = call->args["sessionKey"].text();
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call, name));
  const std::int64_t limit = call->args["limit"].integer(messages_default);
  const std::int64_t offset = call->args["offset"].integer(0);
  TRY_AWAIT(const Found history, call->host.store.read<Found>([key = key.text, limit, offset](state::Tables& tables) {
    return read_history(tables, key, limit, offset);
  }));
  if (!history) co_return no_such_session(name);
  JsonWriter details(1024);
  details.begin_object().member("sessionKey", key.text).member("sessionId", history->session.session_id);
  details.member("totalMessages", history->total).key("messages");
  const bool cut = write_messages(details, call->host, history->entries, limits::tool_history_bytes_max);
  const std::int64_t first_seq = history->entries.empty() ? 1 : history->entries.front().seq;
  details.member("truncated", cut).member("hasMore", cut || first_seq > 1).end_object();
  co_return result_of(details.take());
}

}  // namespace omenia::tools::handlers
