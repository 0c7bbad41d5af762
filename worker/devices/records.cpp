#include "worker/devices/records.h"

#include "worker/devices/node_commands.h"

namespace omenia::devices {

namespace {

void write_if(JsonWriter& writer, std::string_view name, const std::string& text) {
  if (!text.empty()) writer.member(name, text);
}

void write_surface(JsonWriter& writer, const state::NodeRow& node) {
  writer.key("nodeSurface").begin_object();
  write_if(writer, "displayName", name_of(node));
  write_if(writer, "version", node.client_version);
  write_list(writer, "caps", node.caps);
  write_list(writer, "commands", node.commands);
  writer.member("createdAtMs", node.created_ms).member("approvedAtMs", node.approved_ms).end_object();
}

void write_tokens(JsonWriter& writer, const std::vector<state::DeviceTokenRow>& tokens) {
  writer.key("tokens").begin_array();
  for (const state::DeviceTokenRow& token : tokens) {
    writer.begin_object().member("role", token.role);
    write_list(writer, "scopes", token.scopes);
    writer.member("createdAtMs", token.created_ms);
    if (token.rotated_ms > 0) writer.member("rotatedAtMs", token.rotated_ms);
    if (token.used_ms > 0) writer.member("lastUsedAtMs", token.used_ms);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace

std::string name_of(const state::DeviceRow& device) {
  return device.label.empty() ? device.display_name : device.label;
}

std::string name_of(const state::NodeRow& node) {
  return node.label.empty() ? node.display_name : node.label;
}

Result<DeviceRecord> record_of(state::Tables& tables, state::DeviceRow device) {
  DeviceRecord record{std::move(device), {}, {}};
  TRY_ASSIGN(record.tokens, tables.device_tokens.list(record.device.device_id));
  TRY_ASSIGN(record.node, tables.nodes.find(record.device.device_id));
  return record;
}

void write_list(JsonWriter& writer, std::string_view name, const std::vector<std::string>& items) {
  writer.key(name).begin_array();
  for (const std::string& item : items) writer.value(item);
  writer.end_array();
}

void write_device(JsonWriter& writer, const DeviceRecord& record, std::optional<bool> connected) {
  const state::DeviceRow& device = record.device;
  writer.begin_object().member("deviceId", device.device_id).member("publicKey", device.public_key);
  write_if(writer, "displayName", name_of(device));
  write_if(writer, "platform", device.platform);
  write_if(writer, "deviceFamily", device.device_family);
  writer.member("clientId", device.client_id).member("clientMode", device.client_mode);
  if (!device.roles.empty()) writer.member("role", device.roles.front());
  write_list(writer, "roles", device.roles);
  write_list(writer, "scopes", device.scopes);
  writer.member("approvedVia", device.approved_via);
  if (record.node) write_surface(writer, *record.node);
  writer.member("createdAtMs", device.created_ms).member("approvedAtMs", device.approved_ms);
  if (device.seen_ms > 0) writer.member("lastSeenAtMs", device.seen_ms).member("lastSeenReason", device.seen_reason);
  if (connected) writer.member("connected", *connected);
  write_tokens(writer, record.tokens);
  writer.end_object();
}

void write_device_request(JsonWriter& writer, const state::PairingRequestRow& request) {
  writer.begin_object().member("requestId", request.request_id).member("deviceId", request.device_id);
  writer.member("publicKey", request.public_key);
  write_if(writer, "displayName", request.display_name);
  write_if(writer, "platform", request.platform);
  write_if(writer, "deviceFamily", request.device_family);
  writer.member("clientId", request.client_id).member("clientMode", request.client_mode);
  writer.member("role", request.role);
  write_list(writer, "roles", {request.role});
  write_list(writer, "scopes", request.scopes);
  write_if(writer, "remoteIp", request.remote_address);
  writer.member("silent", request.silent);
  writer.member("isRepair", request.repair);
  writer.member("ts", request.created_ms).end_object();
}

void write_node(JsonWriter& writer, const state::NodeRow& node, const state::DeviceRow* device) {
  writer.begin_object().member("nodeId", node.node_id);
  writer.member("clientId", node.client_id).member("clientMode", node.client_mode);
  write_if(writer, "displayName", name_of(node));
  write_if(writer, "platform", node.platform);
  write_if(writer, "version", node.client_version);
  write_if(writer, "deviceFamily", node.device_family);
  write_list(writer, "caps", node.caps);
  write_list(writer, "commands", node.commands);
  writer.member("createdAtMs", node.created_ms).member("approvedAtMs", node.approved_ms);
  if (device && device->seen_ms > 0)
    writer.member("lastSeenAtMs", device->seen_ms).member("lastSeenReason", device->seen_reason);
  writer.end_object();
}

void write_node_request(JsonWriter& writer, const state::PairingRequestRow& request) {
  writer.begin_object().member("requestId", request.request_id).member("nodeId", request.device_id);
  writer.member("clientId", request.client_id).member("clientMode", request.client_mode);
  write_if(writer, "displayName", request.display_name);
  write_if(writer, "platform", request.platform);
  write_if(writer, "version", request.client_version);
  write_if(writer, "deviceFamily", request.device_family);
  write_list(writer, "caps", request.caps);
  write_list(writer, "commands", request.commands);
  write_list(writer, "requiredApproveScopes", scopes_to_approve(request.commands).texts());
  writer.member("silent", request.silent).member("ts", request.created_ms).end_object();
}

std::string requested_payload(const state::PairingRequestRow& request) {
  JsonWriter writer;
  if (request.kind == "node") {
    write_node_request(writer, request);
  } else {
    write_device_request(writer, request);
  }
  return writer.take();
}

std::string resolved_payload(std::string_view kind, const std::string& request_id, const std::string& id,
                             std::string_view decision, std::int64_t now_ms) {
  JsonWriter writer;
  writer.begin_object().member("requestId", request_id).member(kind == "node" ? "nodeId" : "deviceId", id);
  return writer.member("decision", decision).member("ts", now_ms).end_object().take();
}

}  // namespace omenia::devices
