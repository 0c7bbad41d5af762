// sessions.describe, sessions.resolve, sessions.preview, sessions.get, sessions.branches.list: looks at sessions.

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/agents/transcript.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_texts.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t candidates_max = 10;
constexpr std::size_t previewed_max = 100;
constexpr std::int64_t preview_items = 12;
constexpr std::int64_t preview_items_max = 50;
constexpr std::int64_t messages_default = 200;

struct Described {
  std::optional<state::SessionRow> row;
  sessions::RowTexts texts;
};

Result<Described> describe(state::Tables& tables, const std::string& key, WantedTexts wanted) {
  Described described;
  TRY_ASSIGN(described.row, tables.sessions.find(key));
  if (!described.row) return described;
  TRY_ASSIGN(described.texts, read_texts(tables, *described.row, wanted));
  return described;
}

// What a client calls a session by.
struct Reference {
  std::string key;  // Whole.
  std::string session_id;
  std::string label;
  std::string agent_id;
};

Result<Reference> reference_in(const Call& call) {
  const JsonView params = call.params;
  Reference reference;
  reference.agent_id = params["agentId"].text();
  reference.session_id = params["sessionId"].text();
  reference.label = params["label"].text();
  const std::string_view key = params["key"] ? params["key"].text() : params["reference"]["key"].text();
  if (!key.empty()) {
    TRY_ASSIGN(const sessions::SessionKey named,
               sessions::parse_key(key, params["agentId"].text(call.context.default_agent())));
    reference.key = named.text;
  }
  if (!reference.key.empty() || !reference.session_id.empty() || !reference.label.empty()) return reference;
  return fail(ErrorCode::invalid_request, "sessions.resolve needs key, reference, sessionId or label");
}

using Rows = std::vector<state::SessionRow>;

Result<Rows> resolve(state::Tables& tables, const Reference& reference) {
  if (!reference.label.empty()) {
    state::SessionFilter filter;
    filter.label = reference.label;
    filter.agent_id = reference.agent_id;
    TRY_ASSIGN(state::SessionPage page, tables.sessions.page(filter, candidates_max, 0));
    return std::move(page.rows);
  }
  std::optional<state::SessionRow> row;
  if (!reference.key.empty()) {
    TRY_ASSIGN(row, tables.sessions.find(reference.key));
  } else {
    TRY_ASSIGN(row, tables.sessions.find_by_id(reference.session_id));
  }
  return row ? Rows{std::move(*row)} : Rows{};
}

void write_resolution(JsonWriter& writer, const state::SessionRow& row) {
  writer.member("key", row.key).member("agentId", row.agent_id);
  if (!row.label.empty()) writer.member("displayName", row.label);
}

struct Preview {
  std::string key;
  bool found = false;
  std::vector<state::EntryRow> entries;
};

Result<std::vector<Preview>> preview(state::Tables& tables, const std::vector<std::string>& keys, std::int64_t limit) {
  std::vector<Preview> previews;
  for (const std::string& key : keys) {
    Preview& added = previews.emplace_back();
    added.key = key;
    TRY_ASSIGN(const auto row, tables.sessions.find(key));
    added.found = row.has_value();
    if (!row) continue;
    TRY_ASSIGN(added.entries, tables.entries.window(row->session_id, 0, limit));
  }
  return previews;
}

struct Transcript {
  std::string session_id;
  std::vector<state::EntryRow> entries;
  std::int64_t total = 0;
};

Result<Transcript> read_transcript(state::Tables& tables, const std::string& key, std::int64_t limit) {
  Transcript transcript;
  TRY_ASSIGN(const auto row, tables.sessions.find(key));
  if (!row) return transcript;
  transcript.session_id = row->session_id;
  TRY_ASSIGN(transcript.total, tables.entries.count(row->session_id));
  TRY_ASSIGN(transcript.entries, tables.entries.window(row->session_id, 0, limit));
  return transcript;
}

}  // namespace

AnswerTask sessions_describe(CallPointer call) {
  const worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call, "key"));
  const WantedTexts wanted = WantedTexts::read(call->params);
  TRY_AWAIT(const Described described, context.store->read<Described>([key = key.text, wanted](state::Tables& tables) {
    return describe(tables, key, wanted);
  }));
  JsonWriter writer(1024);
  writer.begin_object().key("session");
  if (described.row) {
    sessions::write_row(writer, *described.row, context.runs.get(), described.texts);
  } else {
    writer.null();
  }
  co_return Answer{writer.end_object().take()};
}

// The main session of an agent is there before its first message.
AnswerTask sessions_resolve(CallPointer call) {
  CO_TRY_ASSIGN(const Reference reference, reference_in(*call));
  TRY_AWAIT(Rows rows,
            call->context.store->read<Rows>([reference](state::Tables& tables) { return resolve(tables, reference); }));
  if (rows.empty() && !reference.key.empty()) {
    CO_TRY_ASSIGN(const sessions::SessionKey key, sessions::parse_key(reference.key, "main"));
    if (key.is_main()) {
      state::SessionRow& row = rows.emplace_back();
      row.key = key.text;
      row.agent_id = key.agent_id;
    }
  }
  if (rows.empty() && !call->params["allowMissing"].boolean())
    co_return fail(
        ErrorCode::not_found,
        "No session found: " + (reference.key.empty() ? reference.session_id + reference.label : reference.key));
  JsonWriter writer;
  writer.begin_object().member("ok", rows.size() == 1);
  if (rows.size() == 1) {
    write_resolution(writer, rows.front());
  } else if (!rows.empty()) {
    writer.key("candidates").begin_array();
    for (const state::SessionRow& row : rows) {
      writer.begin_object();
      write_resolution(writer, row);
      writer.end_object();
    }
    writer.end_array();
  }
  co_return Answer{writer.end_object().take()};
}

AnswerTask sessions_preview(CallPointer call) {
  const worker::Context& context = call->context;
  std::vector<std::string> keys;
  for (JsonView item = call->params["keys"].first(); item; item = item.next()) {
    CO_TRY_ASSIGN(const sessions::SessionKey key, sessions::parse_key(item.text(), context.default_agent()));
    if (keys.size() < previewed_max) keys.push_back(key.text);
  }
  const std::int64_t limit = std::min(preview_items_max, call->params["limit"].integer(preview_items));
  const auto chars_max = static_cast<std::size_t>(call->params["maxChars"].integer(limits::preview_chars));
  using Previews = std::vector<Preview>;
  TRY_AWAIT(const Previews previews, context.store->read<Previews>([keys, limit](state::Tables& tables) {
    return preview(tables, keys, limit);
  }));
  JsonWriter writer(1024);
  writer.begin_object().member("ts", wall_ms()).key("previews").begin_array();
  for (const Preview& shown : previews) {
    writer.begin_object().member("key", shown.key);
    writer.member("status", !shown.found ? "missing" : shown.entries.empty() ? "empty" : "ok");
    writer.key("items").begin_array();
    for (const state::EntryRow& entry : shown.entries) {
      writer.begin_object().member("role", entry.role.empty() ? std::string("system") : entry.role);
      writer.member("text", shortened(text_in(entry), chars_max)).end_object();
    }
    writer.end_array().end_object();
  }
  co_return Answer{writer.end_array().end_object().take()};
}

AnswerTask sessions_get(CallPointer call) {
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call, call->params["key"] ? "key" : "sessionKey"));
  const std::int64_t limit = call->params["limit"].integer(messages_default);
  TRY_AWAIT(const Transcript transcript,
            call->context.store->read<Transcript>(
                [key = key.text, limit](state::Tables& tables) { return read_transcript(tables, key, limit); }));
  JsonWriter writer(1024);
  writer.begin_object().key("messages").begin_array();
  for (const state::EntryRow& entry : transcript.entries) writer.raw(agents::wire_message(entry));
  co_return Answer{writer.end_array().end_object().take()};
}

// Transcripts of this release have one branch, which is the active one.
AnswerTask sessions_branches_list(CallPointer call) {
  CO_TRY_ASSIGN(const sessions::SessionKey key, named_session(*call));
  TRY_AWAIT(const Transcript transcript, call->context.store->read<Transcript>([key = key.text](state::Tables& tables) {
    return read_transcript(tables, key, 1);
  }));
  JsonWriter writer;
  writer.begin_object().key("branches").begin_array();
  if (!transcript.entries.empty()) {
    const state::EntryRow& leaf = transcript.entries.back();
    writer.begin_object().member("leafEntryId", leaf.id);
    writer.member("headline", shortened(text_in(leaf), limits::title_chars_max));
    writer.member("messageCount", transcript.total).member("updatedAt", iso_utc(leaf.created_ms));
    writer.member("active", true).end_object();
  }
  co_return Answer{writer.end_array().end_object().take()};
}

}  // namespace omenia::rpc::methods
