// chat.metadata, chat.message.get, chat.inject, commands.list: what stands beside a conversation.

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/agents/transcript.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/model_rows.h"
#include "worker/rpc/methods/session_entry.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

struct Injected {
  state::SessionRow row;
  state::EntryRow entry;
};

Result<Injected> inject(state::Tables& tables, const sessions::SessionKey& key, const std::string& text) {
  const std::int64_t now_ms = wall_ms();
  Injected injected;
  TRY_ASSIGN(auto row, tables.sessions.find(key.text));
  if (!row) return fail(ErrorCode::not_found, "session not found: " + key.text);
  injected.row = std::move(*row);
  TRY_ASSIGN(injected.entry, tables.entries.append(agents::injected_entry(injected.row.session_id, text, now_ms)));
  return injected;
}

// As the end of a run that only said this.
void tell_injection(worker::Context& context, const Injected& injected) {
  tell_message(context, injected.row, injected.entry);
  JsonWriter payload(injected.entry.body.size() + 256);
  payload.begin_object().member("runId", "inject-" + injected.entry.id).member("sessionKey", injected.row.key);
  payload.member("agentId", injected.row.agent_id).member("seq", 0).member("state", "final");
  payload.raw_member("message", injected.entry.body).member("stopReason", "stop").end_object();
  context.hub.broadcast(Event::chat, payload.text(), ws::Audience::session_followers, injected.row.key);
}

using FoundEntry = std::optional<state::EntryRow>;

Result<FoundEntry> find_entry(state::Tables& tables, const std::string& key, const std::string& id) {
  TRY_ASSIGN(const auto row, tables.sessions.find(key));
  if (!row) return FoundEntry();
  return tables.entries.find(row->session_id, id);
}

}  // namespace

AnswerTask chat_metadata(CallPointer call) {
  JsonWriter writer(1024);
  writer.begin_object().key("models").begin_array();
  for (const providers::CatalogRow& row : call->context.catalog->rows()) write_model_row(writer, row);
  writer.end_array().key("commands").begin_array().end_array();
  writer.member("swarmEnabled", false).member("runtimeSelectionLocked", false);
  co_return Answer{writer.end_object().take()};
}

// Agents of this release know no slash commands: what clients offer of their own is theirs.
AnswerTask commands_list(CallPointer) {
  co_return Answer{R"({"commands":[]})"};
}

AnswerTask chat_message_get(CallPointer call) {
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
  const std::string id(call->params["messageId"].text());
  const std::int64_t chars_max = call->params["maxChars"].integer(limits::message_read_chars_max);
  TRY_AWAIT(const FoundEntry entry, call->context.store->read<FoundEntry>([key = key.text, id](state::Tables& tables) {
    return find_entry(tables, key, id);
  }));
  const bool oversized = entry && static_cast<std::int64_t>(entry->body.size()) > chars_max;
  JsonWriter writer(1024);
  writer.begin_object().member("ok", entry && !oversized);
  if (entry && !oversized) {
    writer.raw_member("message", agents::wire_message(*entry));
  } else {
    writer.member("unavailableReason", oversized ? "oversized" : "not_found");
  }
  co_return Answer{writer.end_object().take()};
}

AnswerTask chat_inject(CallPointer call) {
  worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
  const std::string label(call->params["label"].text());
  const std::string text = (label.empty() ? "" : "[" + label + "]\n\n") + std::string(call->params["message"].text());
  if (text.size() > limits::message_bytes_max)
    co_return fail(ErrorCode::invalid_request,
                   "message is longer than " + std::to_string(limits::message_bytes_max) + " bytes");
  TRY_AWAIT(const Injected injected,
            context.store->write<Injected>([key, text](state::Tables& tables) { return inject(tables, key, text); }));
  tell_injection(context, injected);
  JsonWriter writer;
  co_return Answer{writer.begin_object().member("ok", true).member("messageId", injected.entry.id).end_object().take()};
}

}  // namespace omenia::rpc::methods
