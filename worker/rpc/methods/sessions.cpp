// sessions.list and the subscriptions to what happens in sessions.

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_defaults.h"
#include "worker/sessions/key.h"
#include "worker/sessions/roster.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t rows_default = 100;
constexpr std::int64_t rows_max = 1000;

}  // namespace

AnswerTask sessions_list(CallPointer call) {
  const worker::Context& context = call->context;
  const std::int64_t limit = std::min(rows_max, call->params["limit"].integer(rows_default));
  const std::int64_t offset = call->params["offset"].integer(0);
  const std::int64_t minutes = call->params["activeMinutes"].integer(0);
  const std::int64_t now_ms = wall_ms();
  const std::int64_t since_ms = minutes > 0 ? now_ms - minutes * 60'000 : 0;
  const std::string agent(call->params["agentId"].text());
  TRY_AWAIT(const state::SessionPage page,
            context.store->read<state::SessionPage>([agent, since_ms, limit, offset](state::Tables& tables) {
              return tables.sessions.list(agent, since_ms, limit, offset);
            }));
  const auto count = static_cast<std::int64_t>(page.rows.size());
  const bool has_more = offset + count < page.total;
  JsonWriter writer(page.rows.size() * 700 + 256);
  writer.begin_object().member("ts", now_ms).member("path", context.store->path()).member("count", count);
  writer.member("totalCount", page.total).member("limitApplied", limit).key("nextOffset");
  if (has_more) {
    writer.value(offset + count);
  } else {
    writer.null();
  }
  writer.member("hasMore", has_more).key("owners").begin_array().end_array();
  write_session_defaults(writer, context);
  writer.key("sessions").begin_array();
  for (const state::SessionRow& row : page.rows) sessions::write_row(writer, row, context.runs.get());
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
