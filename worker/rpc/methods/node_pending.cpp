// node.pending.*: what waits for a node that is away. Requests are kept until it comes; commands are sent to connected
// nodes only, so that none of them ever waits.

#include <algorithm>

#include "shared/base/clock.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t drained_default = 4;

struct Enqueued {
  state::NodeWorkRow row;
  std::int64_t revision = 0;
};

Result<Enqueued> enqueue(state::Tables& tables, const state::NodeWorkRow& wanted) {
  TRY_ASSIGN(const auto device, tables.devices.find(wanted.node_id));
  const bool is_node = device && std::find(device->roles.begin(), device->roles.end(), "node") != device->roles.end();
  if (!is_node) return fail(ErrorCode::invalid_request, "unknown nodeId");
  Enqueued enqueued;
  TRY_ASSIGN(enqueued.row, tables.node_work.enqueue(wanted));
  TRY_ASSIGN(enqueued.revision, tables.node_work.revision(wanted.node_id));
  return enqueued;
}

struct Drained {
  std::vector<state::NodeWorkRow> rows;
  std::int64_t revision = 0;
  bool has_more = false;
};

Result<Drained> drain(state::Tables& tables, const std::string& node_id, std::int64_t limit) {
  Drained drained;
  TRY_ASSIGN(drained.rows, tables.node_work.take(node_id, limit, wall_ms()));
  TRY_ASSIGN(drained.revision, tables.node_work.revision(node_id));
  TRY_ASSIGN(const std::int64_t waiting, tables.node_work.waiting(node_id));
  drained.has_more = waiting > 0;
  return drained;
}

void write_work(JsonWriter& writer, const state::NodeWorkRow& row) {
  writer.begin_object().member("id", row.id).member("type", row.type).member("priority", row.priority);
  writer.member("createdAtMs", row.created_ms).key("expiresAtMs");
  if (row.expires_ms > 0) {
    writer.value(row.expires_ms);
  } else {
    writer.null();
  }
  writer.end_object();
}

}  // namespace

// A node that sleeps cannot be woken in this release: there is no push service.
AnswerTask node_pending_enqueue(CallPointer call) {
  const JsonView params = call->params;
  state::NodeWorkRow wanted;
  wanted.node_id = params["nodeId"].text();
  wanted.type = params["type"].text();
  wanted.priority = params["priority"].text("normal");
  wanted.created_ms = wall_ms();
  if (params["expiresInMs"]) wanted.expires_ms = wanted.created_ms + params["expiresInMs"].integer();
  TRY_AWAIT(const Enqueued enqueued,
            call->context.store->write<Enqueued>([wanted](state::Tables& tables) { return enqueue(tables, wanted); }));
  JsonWriter writer;
  writer.begin_object().member("nodeId", wanted.node_id).member("revision", enqueued.revision).key("queued");
  write_work(writer, enqueued.row);
  co_return Answer{writer.member("wakeTriggered", false).end_object().take()};
}

AnswerTask node_pending_drain(CallPointer call) {
  const std::string node_id = call->connection.client().device_id;
  const std::int64_t limit = call->params["maxItems"].integer(drained_default);
  TRY_AWAIT(const Drained drained, call->context.store->write<Drained>([node_id, limit](state::Tables& tables) {
    return drain(tables, node_id, limit);
  }));
  JsonWriter writer;
  writer.begin_object().member("nodeId", node_id).member("revision", drained.revision).key("items").begin_array();
  for (const state::NodeWorkRow& row : drained.rows) write_work(writer, row);
  co_return Answer{writer.end_array().member("hasMore", drained.has_more).end_object().take()};
}

AnswerTask node_pending_pull(CallPointer call) {
  JsonWriter writer;
  writer.begin_object().member("nodeId", call->connection.client().device_id);
  co_return Answer{writer.key("actions").begin_array().end_array().end_object().take()};
}

AnswerTask node_pending_ack(CallPointer call) {
  JsonWriter writer;
  writer.begin_object().member("nodeId", call->connection.client().device_id);
  writer.key("ackedIds").begin_array().end_array().member("remainingCount", 0);
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
