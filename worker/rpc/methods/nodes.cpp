// node.pair.*, node.rename, node.list, node.describe: which nodes there are, and what they may be asked to do.

#include <algorithm>

#include "shared/base/clock.h"
#include "worker/context.h"
#include "worker/devices/changes.h"
#include "worker/devices/node_commands.h"
#include "worker/revocation.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/router.h"

namespace omenia::rpc::methods {

namespace {

// A paired device that is a node, with its approval and its request, if there are.
struct KnownNode {
  state::DeviceRow device;
  std::optional<state::NodeRow> node;
  std::optional<state::PairingRequestRow> request;
};

Result<KnownNode> node_of(state::Tables& tables, state::DeviceRow device) {
  KnownNode known{std::move(device), {}, {}};
  TRY_ASSIGN(known.node, tables.nodes.find(known.device.device_id));
  TRY_ASSIGN(known.request, tables.pairing_requests.of_device("node", known.device.device_id));
  return known;
}

bool is_node(const state::DeviceRow& device) {
  return std::find(device.roles.begin(), device.roles.end(), "node") != device.roles.end();
}

Result<std::vector<KnownNode>> known_nodes(state::Tables& tables) {
  std::vector<KnownNode> nodes;
  TRY_ASSIGN(auto devices, tables.devices.list());
  for (state::DeviceRow& device : devices) {
    if (!is_node(device)) continue;
    TRY_ASSIGN(KnownNode node, node_of(tables, std::move(device)));
    nodes.push_back(std::move(node));
  }
  return nodes;
}

Error unknown_node() {
  return fail(ErrorCode::invalid_request, "unknown nodeId");
}

void write_if(JsonWriter& writer, std::string_view name, const std::string& text) {
  if (!text.empty()) writer.member(name, text);
}

// The members of a node's row, after `begin_object`.
void write_members(JsonWriter& writer, const KnownNode& known, const devices::ConnectedNode* connected) {
  const state::DeviceRow& device = known.device;
  const std::string name = known.node ? devices::name_of(*known.node) : devices::name_of(device);
  writer.member("nodeId", device.device_id);
  write_if(writer, "displayName", name);
  write_if(writer, "platform", device.platform);
  write_if(writer, "version", connected ? connected->version : known.node ? known.node->client_version : "");
  writer.member("clientId", device.client_id).member("clientMode", device.client_mode);
  write_if(writer, "deviceFamily", device.device_family);
  const std::vector<std::string> none;
  const bool approved = known.node.has_value();
  devices::write_list(writer, "caps", connected ? connected->approved_caps : approved ? known.node->caps : none);
  devices::write_list(writer, "commands",
                      connected  ? connected->approved_commands
                      : approved ? known.node->commands
                                 : none);
  writer.member("sessionHost", false).key("nodePluginTools").begin_array().end_array();
  writer.member("approvalState", approved ? "approved" : known.request ? "pending-approval" : "unapproved");
  if (known.request) {
    writer.member("pendingRequestId", known.request->request_id);
    devices::write_list(writer, "pendingDeclaredCaps", known.request->caps);
    devices::write_list(writer, "pendingDeclaredCommands", known.request->commands);
  }
  if (connected) writer.member("connectedAtMs", connected->connected_ms);
  if (device.seen_ms > 0)
    writer.member("lastConnectedAtMs", device.seen_ms)
        .member("lastSeenAtMs", device.seen_ms)
        .member("lastSeenReason", device.seen_reason);
  writer.member("approvedAtMs", approved ? known.node->approved_ms : device.approved_ms);
  writer.member("paired", true).member("connected", connected != nullptr);
}

void tell_resolved(worker::Context& context, const std::string& request_id, const std::string& node_id,
                   std::string_view decision) {
  const std::string payload = devices::resolved_payload("node", request_id, node_id, decision, wall_ms());
  context.hub.broadcast(Event::node_pair_resolved, payload);
  if (const devices::ConnectedNode* node = context.nodes.find(node_id))
    context.hub.send_to(node->connection_id, Event::node_pair_resolved, payload);
}

// The commands say how much somebody must hold to let them be called.
devices::MayApprove may_approve(const CallPointer& call) {
  return [scopes = call->connection.scopes()](const state::PairingRequestRow& request) -> Result<void> {
    const auth::ScopeSet required = devices::scopes_to_approve(request.commands);
    for (const auth::Scope scope : required.scopes())
      if (!scopes.covers(scope)) return auth::missing_scope(scope);
    return {};
  };
}

std::string text_in(const Call& call, std::string_view name) {
  return std::string(call.params[name].text());
}

struct NodeListing {
  std::vector<state::PairingRequestRow> pending;
  std::vector<KnownNode> known;
};

}  // namespace

AnswerTask node_list(CallPointer call) {
  TRY_AWAIT(const std::vector<KnownNode> nodes, call->context.store->read<std::vector<KnownNode>>(known_nodes));
  JsonWriter writer;
  writer.begin_object().member("ts", wall_ms()).key("nodes").begin_array();
  for (const KnownNode& node : nodes) {
    writer.begin_object();
    write_members(writer, node, call->context.nodes.find(node.device.device_id));
    writer.end_object();
  }
  co_return Answer{writer.end_array().end_object().take()};
}

AnswerTask node_describe(CallPointer call) {
  TRY_AWAIT(const std::optional<KnownNode> node,
            call->context.store->read<std::optional<KnownNode>>(
                [id = text_in(*call, "nodeId")](state::Tables& tables) -> Result<std::optional<KnownNode>> {
                  TRY_ASSIGN(auto device, tables.devices.find(id));
                  if (!device || !is_node(*device)) return std::optional<KnownNode>();
                  TRY_ASSIGN(KnownNode known, node_of(tables, std::move(*device)));
                  return std::optional(std::move(known));
                }));
  if (!node) co_return unknown_node();
  JsonWriter writer;
  writer.begin_object().member("ts", wall_ms());
  write_members(writer, *node, call->context.nodes.find(node->device.device_id));
  co_return Answer{writer.end_object().take()};
}

AnswerTask node_pair_list(CallPointer call) {
  TRY_AWAIT(const NodeListing listing,
            call->context.store->read<NodeListing>([](state::Tables& tables) -> Result<NodeListing> {
              NodeListing found;
              TRY_ASSIGN(found.pending, tables.pairing_requests.list("node"));
              TRY_ASSIGN(found.known, known_nodes(tables));
              return found;
            }));
  JsonWriter writer;
  writer.begin_object().key("pending").begin_array();
  for (const state::PairingRequestRow& request : listing.pending) devices::write_node_request(writer, request);
  writer.end_array().key("paired").begin_array();
  for (const KnownNode& known : listing.known)
    if (known.node) devices::write_node(writer, *known.node, &known.device);
  co_return Answer{writer.end_array().end_object().take()};
}

AnswerTask node_pair_approve(CallPointer call) {
  TRY_AWAIT(const devices::ApprovedNode approved,
            call->context.store->write<devices::ApprovedNode>(
                [id = text_in(*call, "requestId"), may = may_approve(call), now_ms = wall_ms()](state::Tables& tables) {
                  return devices::approve_node(tables, id, may, now_ms);
                }));
  call->context.nodes.approve(approved.node.node_id, approved.node.caps, approved.node.commands);
  tell_resolved(call->context, approved.request_id, approved.node.node_id, "approved");
  JsonWriter writer;
  writer.begin_object().member("requestId", approved.request_id).key("node");
  devices::write_node(writer, approved.node, &approved.device);
  co_return Answer{writer.end_object().take()};
}

AnswerTask node_pair_reject(CallPointer call) {
  TRY_AWAIT(
      const state::PairingRequestRow request,
      call->context.store->write<state::PairingRequestRow>([id = text_in(*call, "requestId")](state::Tables& tables) {
        return devices::reject(tables, "node", id, [](const auto&) -> Result<void> { return {}; });
      }));
  tell_resolved(call->context, request.request_id, request.device_id, "rejected");
  JsonWriter writer;
  writer.begin_object().member("requestId", request.request_id).member("nodeId", request.device_id);
  co_return Answer{writer.end_object().take()};
}

// The device stays paired: when it comes back, its commands wait for approval again.
AnswerTask node_pair_remove(CallPointer call) {
  const std::string id = text_in(*call, "nodeId");
  TRY_AWAIT(const bool removed, call->context.store->write<bool>([id](state::Tables& tables) -> Result<bool> {
    TRY_ASSIGN(const bool waited, tables.pairing_requests.remove_of("node", id));
    TRY_ASSIGN(const bool was_approved, tables.nodes.remove(id));
    return waited || was_approved;
  }));
  if (!removed) co_return unknown_node();
  call->context.nodes.disapprove(id);
  tell_resolved(call->context, "", id, "removed");
  worker::close_device(call->context, id, auth::Role::node, "node removed", call->connection.id());
  JsonWriter writer;
  co_return Answer{writer.begin_object().member("nodeId", id).end_object().take()};
}

AnswerTask node_rename(CallPointer call) {
  const std::string id = text_in(*call, "nodeId");
  const std::string name = text_in(*call, "displayName");
  TRY_AWAIT(const bool renamed, call->context.store->write<bool>([id, name](state::Tables& tables) -> Result<bool> {
    TRY_ASSIGN(const auto device, tables.devices.find(id));
    if (!device || !is_node(*device)) return false;
    TRY(tables.nodes.rename(id, name));
    return tables.devices.rename(id, name);
  }));
  if (!renamed) co_return unknown_node();
  JsonWriter writer;
  co_return Answer{writer.begin_object().member("nodeId", id).member("displayName", name).end_object().take()};
}

}  // namespace omenia::rpc::methods
