#include "worker/devices/changes.h"

#include "shared/base/ids.h"

namespace omenia::devices {

namespace {

Result<state::PairingRequestRow> request_of(state::Tables& tables, const std::string& kind,
                                            const std::string& request_id) {
  TRY_ASSIGN(auto request, tables.pairing_requests.find(kind, request_id));
  if (!request) return fail(ErrorCode::invalid_request, "unknown requestId");
  return std::move(*request);
}

Error rotation_denied() {
  return fail(ErrorCode::invalid_request, "device token rotation denied");
}

}  // namespace

Result<ApprovedDevice> approve_device(state::Tables& tables, const std::string& request_id, const MayApprove& may,
                                      std::int64_t now_ms) {
  TRY_ASSIGN(const state::PairingRequestRow request, request_of(tables, "device", request_id));
  TRY(may(request));
  TRY_ASSIGN(state::DeviceRow device, approve_wish(tables, request, "operator", now_ms));
  TRY(tables.pairing_requests.remove(request_id));
  TRY_ASSIGN(DeviceRecord record, record_of(tables, std::move(device)));
  return ApprovedDevice{request_id, std::move(record)};
}

Result<ApprovedNode> approve_node(state::Tables& tables, const std::string& request_id, const MayApprove& may,
                                  std::int64_t now_ms) {
  TRY_ASSIGN(const state::PairingRequestRow request, request_of(tables, "node", request_id));
  TRY(may(request));
  TRY_ASSIGN(auto device, tables.devices.find(request.device_id));
  if (!device) return fail(ErrorCode::invalid_request, "unknown requestId");
  state::NodeRow node;
  node.node_id = request.device_id;
  node.display_name = request.display_name;
  node.platform = request.platform;
  node.device_family = request.device_family;
  node.client_id = request.client_id;
  node.client_mode = request.client_mode;
  node.client_version = request.client_version;
  node.caps = request.caps;
  node.commands = request.commands;
  node.created_ms = node.approved_ms = now_ms;
  TRY_ASSIGN(node, tables.nodes.approve(node));
  TRY(tables.pairing_requests.remove(request_id));
  return ApprovedNode{request_id, std::move(node), std::move(*device)};
}

Result<state::PairingRequestRow> reject(state::Tables& tables, const std::string& kind, const std::string& request_id,
                                        const MayApprove& may) {
  TRY_ASSIGN(state::PairingRequestRow request, request_of(tables, kind, request_id));
  TRY(may(request));
  TRY(tables.pairing_requests.remove(request_id));
  return request;
}

Result<IssuedToken> rotate_token(state::Tables& tables, const std::string& device_id, const std::string& role,
                                 const std::vector<std::string>& scopes, const Identity& identity,
                                 std::int64_t now_ms) {
  TRY_ASSIGN(const auto device, tables.devices.find(device_id));
  TRY_ASSIGN(const auto before, tables.device_tokens.find(device_id, role));
  if (!device || !before) return rotation_denied();
  const auth::ScopeSet wanted = auth::ScopeSet::of_names(scopes);
  if (wanted.texts().size() != scopes.size()) return rotation_denied();
  if (!auth::ScopeSet::of_names(device->scopes).covers(wanted)) return rotation_denied();
  state::DeviceTokenRow row = *before;
  row.nonce = random_uuid();
  const std::string token = identity.token_for(device_id, role, row.nonce);
  row.hash = sha256_hex(token);
  row.previous_hash.clear();
  if (!scopes.empty()) row.scopes = scopes;
  row.rotated_ms = now_ms;
  TRY(tables.device_tokens.put(row));
  TRY(tables.devices.revise(device_id));
  return IssuedToken{token, role, row.scopes, now_ms};
}

Result<void> revoke_token(state::Tables& tables, const std::string& device_id, const std::string& role) {
  TRY_ASSIGN(const bool removed, tables.device_tokens.remove(device_id, role));
  if (!removed) return fail(ErrorCode::invalid_request, "unknown deviceId or role");
  return tables.devices.revise(device_id);
}

}  // namespace omenia::devices
