// sessions.list and the subscriptions to what happens in sessions.

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_defaults.h"
#include "worker/rpc/methods/session_texts.h"
#include "worker/sessions/key.h"
#include "worker/sessions/roster.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t rows_default = 100;
constexpr std::int64_t rows_max = 1000;

struct Listing {
  state::SessionPage page;
  std::vector<sessions::RowTexts> texts;
};

Result<Listing> read_listing(state::Tables& tables, const state::SessionFilter& filter, WantedTexts wanted,
                             std::int64_t limit, std::int64_t offset) {
  Listing listing;
  TRY_ASSIGN(listing.page, tables.sessions.page(filter, limit, offset));
  for (const state::SessionRow& row : listing.page.rows) {
    TRY_ASSIGN(sessions::RowTexts texts, read_texts(tables, row, wanted));
    listing.texts.push_back(std::move(texts));
  }
  return listing;
}

}  // namespace

AnswerTask sessions_list(CallPointer call) {
  const worker::Context& context = call->context;
  const std::int64_t limit = std::min(rows_max, call->params["limit"].integer(rows_default));
  const std::int64_t offset = call->params["offset"].integer(0);
  const std::int64_t now_ms = wall_ms();
  const state::SessionFilter filter = filter_of(call->params, now_ms);
  const WantedTexts wanted = WantedTexts::read(call->params);
  TRY_AWAIT(const Listing listing, context.store->read<Listing>([filter, wanted, limit, offset](state::Tables& tables) {
    return read_listing(tables, filter, wanted, limit, offset);
  }));
  const state::SessionPage& page = listing.page;
  const auto count = static_cast<std::int64_t>(page.rows.size());
  const bool has_more = offset + count < page.total;
  JsonWriter writer(page.rows.size() * 700 + 256);
  writer.begin_object().member("ts", now_ms).member("path", context.store->path()).member("count", count);
  writer.member("totalCount", page.total).member("limitApplied", limit).key("nextOffset");
  has_more ? writer.value(offset + count) : writer.null();
  writer.member("hasMore", has_more).key("owners").begin_array().end_array();
  write_session_defaults(writer, context);
  writer.key("sessions").begin_array();
  for (std::size_t i = 0; i < page.rows.size(); ++i)
    sessions::write_row(writer, page.rows[i], context.runs.get(), listing.texts[i]);
  co_return Answer{writer.end_array().end_object().take()};
}

AnswerTask sessions_subscribe(CallPointer call) {
  call->connection.subscriptions().sessions = true;
  JsonWriter writer;
  writer.begin_object().member("subscribed", true);
  if (call->params["limit"]) {
    auto listing = sessions_list(call);
    auto list = co_await std::move(listing);
    CO_TRY_ASSIGN(const Answer answer, std::move(list));
    writer.raw_member("list", answer.payload);
  }
  co_return Answer{writer.end_object().take()};
}

namespace {

constexpr std::size_t subscriptions_max = 1000;

AnswerTask change_subscription(CallPointer call, bool wanted) {
  const std::string agent(call->params["agentId"].text(call->context.default_agent()));
  CO_TRY_ASSIGN(const sessions::SessionKey key, sessions::parse_key(call->params["key"].text(), agent));
  auto& keys = call->connection.subscriptions().messages;
  if (wanted && keys.size() >= subscriptions_max)
    co_return fail(ErrorCode::invalid_request, "a connection may subscribe to at most 1000 sessions");
  if (wanted) {
    keys.insert(key.text);
  } else {
    keys.erase(key.text);
  }
  JsonWriter writer;
  co_return Answer{writer.begin_object().member("subscribed", wanted).member("key", key.text).end_object().take()};
}

}  // namespace

AnswerTask messages_subscribe(CallPointer call) {
  return change_subscription(call, true);
}
AnswerTask messages_unsubscribe(CallPointer call) {
  return change_subscription(call, false);
}

}  // namespace omenia::rpc::methods
