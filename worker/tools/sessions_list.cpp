// sessions_list: the sessions that a call may see.

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "state/store.h"
#include "worker/agents/runs.h"
#include "worker/sessions/roster.h"
#include "worker/tools/handlers.h"
#include "worker/tools/messages.h"

namespace omenia::tools::handlers {

namespace {

constexpr std::int64_t rows_default = 100;
constexpr std::int64_t rows_read_at_once = 500;
constexpr std::size_t messages_bytes_max = 4 * limits::KiB;  // Of one row.

struct KindRow {
  std::string_view name;
  std::string_view begin;  // Of what stands behind the agent in the key.
};
constexpr KindRow kind_rows[] = {{"hook", "hook:"}, {"cron", "cron:"}, {"node", "node-"}};
constexpr std::string_view kind_names[] = {"main", "group", "hook", "cron", "node", "other"};

std::string_view kind_of(std::string_view key, std::string_view agent_id) {
  const std::string_view rest = key.substr(std::min(key.size(), agent_id.size() + std::string_view("agent::").size()));
  if (rest == "main") return "main";
  for (const KindRow& row : kind_rows)
    if (rest.starts_with(row.begin)) return row.name;
  const bool is_group =
      rest.find(":group:") != std::string_view::npos || rest.find(":channel:") != std::string_view::npos;
  return is_group ? "group" : "other";
}

struct Wish {
  state::SessionFilter filter;
  std::vector<std::string> kinds;  // Empty: all.
  std::string only_key;            // Empty: all.
  std::int64_t limit = rows_default;
  std::int64_t offset = 0;
  std::int64_t messages = 0;

  bool holds_for(const state::SessionRow& row) const {
    if (!only_key.empty() && row.key != only_key) return false;
    return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind_of(row.key, row.agent_id)) != kinds.end();
  }
};

struct Listing {
  std::vector<state::SessionRow> rows;
  std::vector<std::vector<state::EntryRow>> messages;
  bool has_more = false;
};

Result<Wish> wish_of(const ToolCall& call) {
  using Archived = state::SessionFilter::Archived;
  const JsonView args = call.args;
  Wish wish;
  const std::int64_t minutes = args["activeMinutes"].integer(0);
  wish.filter.updated_since_ms = minutes > 0 ? wall_ms() - minutes * 60'000 : 0;
  wish.filter.agent_id = args["agentId"].text();
  wish.filter.archived = args["archived"].boolean() ? Archived::yes : Archived::no;
  wish.filter.pinned_only = args["pinned"].boolean();
  wish.filter.label = args["label"].text();
  wish.filter.category = args["group"].text();
  wish.filter.search = args["search"].text();
  wish.limit = args["limit"].integer(rows_default);
  wish.offset = args["offset"].integer(0);
  wish.messages = args["messageLimit"].integer(0);
  if (!call.sees_all_sessions) wish.only_key = call.session.text;
  for (JsonView kind = args["kinds"].first(); kind; kind = kind.next()) {
    if (std::find(std::begin(kind_names), std::end(kind_names), kind.text()) == std::end(kind_names))
      return fail(ErrorCode::invalid_request,
                  "unknown kind \"" + std::string(kind.text()) + "\": main, group, cron, hook, node or other");
    wish.kinds.emplace_back(kind.text());
  }
  return wish;
}

// What a filter of the store cannot tell is looked for page by page.
Result<Listing> read_listing(state::Tables& tables, const Wish& wish) {
  Listing listing;
  std::int64_t passed_over = 0;
  for (std::int64_t read = 0; read < limits::store_rows_max && !listing.has_more; read += rows_read_at_once) {
    TRY_ASSIGN(const state::SessionPage page, tables.sessions.page(wish.filter, rows_read_at_once, read));
    for (const state::SessionRow& row : page.rows) {
      if (!wish.holds_for(row) || passed_over++ < wish.offset) continue;
      listing.has_more = static_cast<std::int64_t>(listing.rows.size()) == wish.limit;
      if (listing.has_more) break;
      listing.rows.push_back(row);
    }
    if (read + rows_read_at_once >= page.total) break;
  }
  if (wish.messages == 0) return listing;
  for (const state::SessionRow& row : listing.rows) {
    TRY_ASSIGN(auto entries, tables.entries.window(row.session_id, 0, wish.messages, limits::tool_history_bytes_max));
    listing.messages.push_back(std::move(entries));
  }
  return listing;
}

void write_session(JsonWriter& writer, const state::SessionRow& row, const agents::Runs& runs) {
  const auto active = runs.of_session(row.key);
  writer.member("key", row.key).member("kind", kind_of(row.key, row.agent_id)).member("agentId", row.agent_id);
  writer.member("sessionId", row.session_id);
  if (!row.label.empty()) writer.member("label", row.label);
  if (!row.category.empty()) writer.member("group", row.category);
  if (row.pinned) writer.member("pinned", true);
  if (row.archived) writer.member("archived", true);
  writer.member("updatedAt", row.updated_ms);
  sessions::write_model(writer, row);
  writer.member("totalTokens", row.context_tokens);
  writer.member("inputTokens", row.input_tokens).member("outputTokens", row.output_tokens);
  writer.member("hasActiveRun", !active.empty());
  if (!row.last_run_status.empty()) writer.member("lastRunStatus", row.last_run_status);
}

}  // namespace

ToolTask sessions_list(ToolCallPointer call) {
  CO_TRY_ASSIGN(const Wish wish, wish_of(*call));
  TRY_AWAIT(const Listing listing,
            call->host.store.read<Listing>([wish](state::Tables& tables) { return read_listing(tables, wish); }));
  const auto count = static_cast<std::int64_t>(listing.rows.size());
  JsonWriter details(listing.rows.size() * 400 + 256);
  details.begin_object().member("count", count).member("limitApplied", wish.limit);
  details.member("hasMore", listing.has_more).key("nextOffset");
  listing.has_more ? details.value(wish.offset + count) : details.null();
  details.member("visibility", call->sees_all_sessions ? "all" : "self").key("sessions").begin_array();
  for (std::size_t i = 0; i < listing.rows.size(); ++i) {
    details.begin_object();
    write_session(details, listing.rows[i], call->host.runs);
    if (wish.messages > 0) {
      details.key("messages");
      write_messages(details, call->host, listing.messages[i], messages_bytes_max);
    }
    details.end_object();
  }
  co_return result_of(details.end_array().end_object().take());
}

}  // namespace omenia::tools::handlers
