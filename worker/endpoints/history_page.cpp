#include "worker/endpoints/history_page.h"

#include "shared/json/writer.h"
#include "worker/agents/transcript.h"

namespace omenia::endpoints {

namespace {

struct Window {
  state::SessionRow session;
  std::vector<state::EntryRow> entries;
};
using FoundWindow = std::optional<Window>;

Result<FoundWindow> read_window(state::Tables& tables, const HistoryPage& page) {
  TRY_ASSIGN(const auto session, tables.sessions.find(page.session_key));
  if (!session) return FoundWindow();
  Window window{*session, {}};
  // Each message is written twice.
  TRY_ASSIGN(window.entries, tables.entries.window(session->session_id, page.before_seq, page.limit,
                                                   limits::history_answer_bytes_max / 2));
  return FoundWindow(std::move(window));
}

std::string text_of(const Window& window) {
  JsonWriter messages;
  messages.begin_array();
  for (const state::EntryRow& entry : window.entries) messages.raw(agents::wire_message(entry));
  messages.end_array();
  const std::int64_t first_seq = window.entries.empty() ? 1 : window.entries.front().seq;
  JsonWriter text(2 * messages.text().size() + 256);
  text.begin_object().member("sessionKey", window.session.key);
  for (const char* name : {"items", "messages"}) text.raw_member(name, messages.text());
  text.member("hasMore", first_seq > 1);
  if (first_seq > 1) text.member("nextCursor", std::to_string(first_seq));
  return text.end_object().take();
}

}  // namespace

Task<Result<FoundPage>> read_page(worker::Context* context, HistoryPage page) {
  TRY_AWAIT(const FoundWindow window,
            context->store->read<FoundWindow>([page](state::Tables& tables) { return read_window(tables, page); }));
  if (!window) co_return FoundPage();
  co_return FoundPage(ReadPage{text_of(*window), window->session.session_id, window->session.next_seq - 1});
}

}  // namespace omenia::endpoints
