// node.invoke and what nodes answer: a command on its way to a node and back, and what a node tells by itself.

#include <algorithm>

#include "shared/base/clock.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

namespace {

// A caller that goes away leaves nothing behind that waits for the node.
class Waiting {
 public:
  Waiting(devices::ConnectedNodes& nodes, std::string id) : nodes_(nodes), id_(std::move(id)) {}
  ~Waiting() { nodes_.forget(id_); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  devices::ConnectedNodes& nodes_;
  std::string id_;
};

Error not_connected() {
  return Error{ErrorCode::unavailable, "node not connected", R"({"code":"NOT_CONNECTED"})", {}};
}

// May this command be sent to this node at all?
Result<const devices::ConnectedNode*> reachable(const worker::Context& context, const std::string& node_id,
                                                const std::string& command) {
  const devices::ConnectedNode* node = context.nodes.find(node_id);
  if (!node) return not_connected();
  const auto& approved = node->approved_commands;
  if (std::find(approved.begin(), approved.end(), command) != approved.end()) return node;
  const bool offers = std::find(node->commands.begin(), node->commands.end(), command) != node->commands.end();
  return fail(ErrorCode::invalid_request,
              offers ? "node command is not approved: " + command + ". Approve it with: OmeniaClaw nodes approve <id>"
                     : "node command not allowed: " + command + " (the node does not offer it)");
}

std::string request_payload(const Call& call, const std::string& id, std::int64_t timeout_ms) {
  JsonWriter payload;
  payload.begin_object().member("id", id).member("nodeId", call.params["nodeId"].text());
  payload.member("command", call.params["command"].text());
  if (call.params["params"]) payload.member("paramsJSON", call.params["params"].dump());
  payload.member("timeoutMs", timeout_ms).member("idempotencyKey", call.params["idempotencyKey"].text());
  return payload.end_object().take();
}

std::string answer_payload(const Call& call, const devices::NodeAnswer& answer) {
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("nodeId", call.params["nodeId"].text());
  writer.member("command", call.params["command"].text());
  const auto parsed = answer.payload_json.empty() ? Result<Json>(Json()) : Json::parse(answer.payload_json);
  const bool is_json = parsed.ok() && bool(parsed.value());
  writer.raw_member("payload", is_json ? answer.payload_json : answer.payload.empty() ? "null" : answer.payload);
  writer.key("payloadJSON");
  if (answer.payload_json.empty()) {
    writer.null();
  } else {
    writer.value(answer.payload_json);
  }
  return writer.end_object().take();
}

Error refused_by_node(const devices::NodeAnswer& answer) {
  JsonWriter details;
  details.begin_object().key("nodeError").begin_object();
  details.member("code", answer.error_code.empty() ? "UNAVAILABLE" : answer.error_code);
  details.member("message", answer.error_message).end_object().end_object();
  return Error{ErrorCode::unavailable,
               answer.error_message.empty() ? std::string("the node could not do it") : answer.error_message,
               details.take(),
               {}};
}

// Who answers is known by his connection, not by what he says he is.
Result<void> check_own(const Call& call) {
  if (call.params["nodeId"].text() == call.connection.client().device_id) return {};
  return fail(ErrorCode::invalid_request, "nodeId mismatch");
}

std::string ok_answer(bool expected) {
  return expected ? R"({"ok":true})" : R"({"ok":true,"ignored":true})";
}

const devices::ConnectedNode* own_node(const Call& call) {
  const devices::ConnectedNode* node = call.context.nodes.find(call.connection.client().device_id);
  return node && node->connection_id == call.connection.id() ? node : nullptr;
}

}  // namespace

AnswerTask node_invoke(CallPointer call) {
  worker::Context& context = call->context;
  const std::string node_id(call->params["nodeId"].text());
  const std::string command(call->params["command"].text());
  CO_TRY_ASSIGN(const devices::ConnectedNode* node, reachable(context, node_id, command));
  const std::string connection_id = node->connection_id;
  CO_TRY_ASSIGN(devices::ConnectedNodes::Invocation invocation, context.nodes.begin(node_id, command));
  const Waiting waiting(context.nodes, invocation.id);
  const std::int64_t asked_ms = call->params["timeoutMs"].integer(limits::node_invoke_ms);
  const std::int64_t timeout_ms = std::clamp<std::int64_t>(asked_ms, 1, limits::node_invoke_ms_max);
  if (!context.hub.send_to(connection_id, Event::node_invoke_request,
                           request_payload(*call, invocation.id, timeout_ms)))
    co_return not_connected();
  Timer deadline(context.loop, [&context, connection_id, id = invocation.id] {
    JsonWriter cancel;
    cancel.begin_object().member("id", id).member("reason", "timeout").end_object();
    context.hub.send_to(connection_id, Event::node_invoke_cancel, cancel.text());
    context.nodes.expire(id, fail(ErrorCode::unavailable, "node invoke timed out"));
  });
  deadline.start(timeout_ms);
  auto answering = std::move(invocation.answer);
  const Result<devices::NodeAnswer> answer = co_await std::move(answering);
  if (!answer.ok()) co_return answer.error();
  if (!answer.value().ok) co_return refused_by_node(answer.value());
  co_return Answer{answer_payload(*call, answer.value())};
}

AnswerTask node_invoke_result(CallPointer call) {
  CO_TRY(check_own(*call));
  devices::NodeAnswer answer;
  answer.ok = call->params["ok"].boolean();
  if (call->params["payload"]) answer.payload = call->params["payload"].dump();
  answer.payload_json = call->params["payloadJSON"].text();
  answer.error_code = call->params["error"]["code"].text();
  answer.error_message = call->params["error"]["message"].text();
  const bool expected =
      call->context.nodes.finish(std::string(call->params["id"].text()), call->connection.id(), std::move(answer));
  co_return Answer{ok_answer(expected)};
}

// Nobody is told of a part of an answer yet; the node is told that it was taken.
AnswerTask node_invoke_progress(CallPointer call) {
  CO_TRY(check_own(*call));
  const bool expected = call->context.nodes.owns(std::string(call->params["invokeId"].text()), call->connection.id());
  co_return Answer{ok_answer(expected)};
}

AnswerTask node_event(CallPointer call) {
  worker::Context& context = call->context;
  const devices::ConnectedNode* node = own_node(*call);
  if (!node || !node->approved) co_return devices::pairing_changed();
  const std::string name(call->params["event"].text());
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("event", name);
  if (name != "node.presence.alive")
    co_return Answer{writer.member("handled", false).member("reason", "unsupported_event").end_object().take()};
  const std::string id = node->node_id;
  const std::int64_t now_ms = wall_ms();
  TRY_AWAIT(const bool seen, context.store->write<bool>([id, now_ms](state::Tables& tables) -> Result<bool> {
    TRY(tables.devices.seen(id, now_ms, "alive"));
    return true;
  }));
  JsonWriter payload;
  payload.begin_object().member("nodeId", id).member("connected", true).member("ts", now_ms).end_object();
  context.hub.broadcast(Event::node_presence, payload.text());
  co_return Answer{writer.member("handled", seen).end_object().take()};
}

}  // namespace omenia::rpc::methods
