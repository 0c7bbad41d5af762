// sessions.search: messages by the words that they hold.

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_texts.h"
#include "worker/sessions/key.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t results_default = 10;

Result<state::SearchQuery> query_of(const Call& call) {
  const JsonView params = call.params;
  state::SearchQuery query;
  query.words = params["query"].text();
  if (params["scope"]) query.sessions = filter_of(params["scope"], wall_ms());
  if (params["agentId"]) query.sessions.agent_id = params["agentId"].text();
  const std::string agent(params["agentId"].text(call.context.default_agent()));
  for (JsonView item = params["sessionKeys"].first(); item; item = item.next()) {
    TRY_ASSIGN(sessions::SessionKey key, sessions::parse_key(item.text(), agent));
    query.session_keys.push_back(std::move(key.text));
  }
  query.limit = params["limit"].integer(results_default);
  return query;
}

// What was said a moment ago is found too; after a busy time that takes several units of work, so that others come
// between them. While the disk takes nothing, what the index has is searched.
Task<void> index_all(state::Store* store) {
  for (bool has_more = true; has_more;) {
    auto indexing = store->write<bool>(
        [](state::Tables& tables) { return tables.search.index(limits::store_words_max); }, state::Durability::logged);
    const Result<bool> indexed = co_await std::move(indexing);
    has_more = indexed.ok() && indexed.value();
  }
}

}  // namespace

AnswerTask sessions_search(CallPointer call) {
  CO_TRY_ASSIGN(const state::SearchQuery query, query_of(*call));
  auto indexing = index_all(call->context.store.get());
  co_await std::move(indexing);
  TRY_AWAIT(const state::SearchResult found, call->context.store->read<state::SearchResult>(
                                                 [query](state::Tables& tables) { return tables.search.find(query); }));
  JsonWriter writer(found.hits.size() * 512 + 64);
  writer.begin_object().key("results").begin_array();
  for (const state::SearchHit& hit : found.hits) {
    writer.begin_object().member("sessionKey", hit.session_key).member("sessionId", hit.session_id);
    writer.member("messageId", hit.entry_id).member("role", hit.role).member("timestamp", hit.created_ms);
    writer.member("snippet", hit.snippet).member("score", hit.score).end_object();
  }
  co_return Answer{writer.end_array().member("truncated", found.truncated).end_object().take()};
}

}  // namespace omenia::rpc::methods
