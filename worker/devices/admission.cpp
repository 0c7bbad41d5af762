#include "worker/devices/admission.h"

#include <algorithm>

#include "shared/base/ids.h"

namespace omenia::devices {

namespace {

bool has(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

void add_missing(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const std::string& item : more)
    if (!has(list, item)) list.push_back(item);
}

std::vector<std::string> common(const std::vector<std::string>& offered, const std::vector<std::string>& approved) {
  std::vector<std::string> both;
  for (const std::string& item : offered)
    if (has(approved, item)) both.push_back(item);
  return both;
}

state::PairingRequestRow with_setup(state::PairingRequestRow wish, const std::string& setup_access) {
  if (!setup_access.empty()) wish.scopes = auth::access_of(setup_access).scopes.texts();
  return wish;
}

// A node is asked for what the operator has approved of it; for more it waits.
Result<void> admit_node(state::Tables& tables, const Admission& admission, Admitted& admitted) {
  TRY_ASSIGN(const auto node, tables.nodes.find(admission.device_id));
  const state::PairingRequestRow& wish = admission.wish;
  if (node) {
    admitted.approved = true;
    admitted.caps = common(wish.caps, node->caps);
    admitted.commands = common(wish.commands, node->commands);
    if (admitted.caps == wish.caps && admitted.commands == wish.commands) {
      TRY(tables.pairing_requests.remove_of("node", admission.device_id));
      return {};
    }
  }
  state::PairingRequestRow request = wish;
  request.kind = "node";
  request.scopes.clear();
  TRY_ASSIGN(admitted.node_request, tables.pairing_requests.file(std::move(request)));
  return {};
}

Result<void> approve_now(state::Tables& tables, const Admission& admission, Admitted& admitted) {
  const state::PairingRequestRow wish = with_setup(admission.wish, admission.setup_access);
  TRY(approve_wish(tables, wish, admission.approved_via, admission.now_ms));
  TRY_ASSIGN(const auto waiting, tables.pairing_requests.of_device("device", admission.device_id));
  admitted.resolved_request = waiting ? waiting->request_id : random_uuid();
  TRY(tables.pairing_requests.remove_of("device", admission.device_id));
  return {};
}

state::DeviceTokenRow fresh_token(const state::DeviceRow& device, const std::string& role, const Identity& identity,
                                  std::int64_t now_ms) {
  state::DeviceTokenRow row;
  row.device_id = device.device_id;
  row.role = role;
  row.nonce = random_uuid();
  row.hash = sha256_hex(identity.token_for(row.device_id, role, row.nonce));
  if (role == "operator") row.scopes = device.scopes;
  row.created_ms = now_ms;
  return row;
}

IssuedToken issued(const state::DeviceTokenRow& row, std::string token) {
  return {std::move(token), row.role, row.scopes, row.rotated_ms > 0 ? row.rotated_ms : row.created_ms};
}

}  // namespace

Result<auth::KnownDevice> look_up(state::Tables& tables, const Lookup& lookup) {
  auth::KnownDevice known;
  if (!lookup.setup_code.empty()) {
    TRY_ASSIGN(const auto code, tables.setup_codes.open_code(sha256_hex(lookup.setup_code), lookup.now_ms));
    if (code) known.setup_id = code->setup_id, known.setup_access = code->access;
  }
  TRY_ASSIGN(const auto device, tables.devices.find(lookup.device_id));
  if (!device) return known;
  known.paired = true;
  known.revision = device->revision;
  known.roles = device->roles;
  known.scopes = auth::ScopeSet::of_names(device->scopes);
  known.platform = device->platform;
  known.device_family = device->device_family;
  TRY_ASSIGN(const auto token, tables.device_tokens.find(lookup.device_id, lookup.role));
  if (!token) return known;
  known.token_hash = token->hash;
  known.previous_hash = token->previous_hash;
  known.token_scopes = auth::ScopeSet::of_names(token->scopes);
  return known;
}

Result<state::DeviceRow> approve_wish(state::Tables& tables, const state::PairingRequestRow& wish,
                                      const std::string& approved_via, std::int64_t now_ms) {
  TRY_ASSIGN(const auto existing, tables.devices.find(wish.device_id));
  state::DeviceRow row;
  if (existing) row = *existing;
  row.device_id = wish.device_id;
  row.public_key = wish.public_key;
  row.display_name = wish.display_name;
  row.platform = wish.platform;
  row.device_family = wish.device_family;
  row.client_id = wish.client_id;
  row.client_mode = wish.client_mode;
  add_missing(row.roles, {wish.role});
  add_missing(row.scopes, wish.scopes);
  row.approved_via = approved_via;
  if (!existing) row.created_ms = now_ms;
  row.approved_ms = now_ms;
  TRY_ASSIGN(state::DeviceRow approved, tables.devices.approve(std::move(row)));
  TRY_ASSIGN(auto token, tables.device_tokens.find(wish.device_id, "operator"));
  if (token && approved_via == "operator") {
    add_missing(token->scopes, wish.scopes);
    TRY(tables.device_tokens.put(*token));
  }
  return approved;
}

Result<IssuedToken> issue_token(state::Tables& tables, const state::DeviceRow& device, const std::string& role,
                                const Identity& identity, std::int64_t now_ms) {
  TRY_ASSIGN(auto row, tables.device_tokens.find(device.device_id, role));
  if (row) {
    std::string token = identity.token_for(device.device_id, role, row->nonce);
    if (sha256_hex(token) == row->hash) return issued(*row, std::move(token));
  }
  // None yet, or one that was made with a key that is gone.
  state::DeviceTokenRow fresh = fresh_token(device, role, identity, now_ms);
  if (row) fresh.previous_hash = row->hash, fresh.scopes = row->scopes, fresh.rotated_ms = now_ms;
  TRY(tables.device_tokens.put(fresh));
  return issued(fresh, identity.token_for(device.device_id, role, fresh.nonce));
}

namespace {

// A wider grant comes with another token. The one before it stays good until the device has used the new one, so that
// an answer that gets lost locks nobody out.
Result<void> widen_token(state::Tables& tables, const state::DeviceRow& device, const Admission& admission,
                         const Identity& identity) {
  TRY_ASSIGN(const auto row, tables.device_tokens.find(device.device_id, "operator"));
  if (!row || admission.role != "operator") return {};
  if (auth::ScopeSet::of_names(row->scopes).covers(auth::ScopeSet::of_names(device.scopes))) return {};
  state::DeviceTokenRow wider = fresh_token(device, "operator", identity, row->created_ms);
  wider.previous_hash = row->hash;
  wider.rotated_ms = admission.now_ms;
  wider.used_ms = row->used_ms;
  TRY(tables.device_tokens.put(wider));
  return {};
}

}  // namespace

Result<std::optional<Admitted>> admit(state::Tables& tables, const Admission& admission, const Identity& identity) {
  TRY_ASSIGN(auto device, tables.devices.find(admission.device_id));
  if ((device ? device->revision : 0) != admission.revision) return std::optional<Admitted>();
  if (!admission.setup_id.empty()) {
    TRY_ASSIGN(const bool used, tables.setup_codes.use(admission.setup_id, admission.now_ms, admission.device_id,
                                                       admission.wish.display_name));
    if (!used) return std::optional<Admitted>();
  }
  Admitted admitted;
  if (!admission.approved_via.empty()) {
    TRY(approve_now(tables, admission, admitted));
    TRY_ASSIGN(device, tables.devices.find(admission.device_id));
    TRY(widen_token(tables, *device, admission, identity));
  }
  if (admission.shown != auth::KnownDevice::Match::none)
    TRY(tables.device_tokens.used(admission.device_id, admission.role, admission.now_ms,
                                  admission.shown == auth::KnownDevice::Match::previous));
  TRY_ASSIGN(admitted.token, issue_token(tables, *device, admission.role, identity, admission.now_ms));
  for (const std::string& role : auth::access_of(admission.setup_access).roles) {
    if (role == admission.role) continue;
    state::PairingRequestRow wish = admission.wish;
    wish.role = role;
    wish.scopes.clear();
    TRY_ASSIGN(device, approve_wish(tables, wish, admission.approved_via, admission.now_ms));
    TRY_ASSIGN(IssuedToken other, issue_token(tables, *device, role, identity, admission.now_ms));
    admitted.other_tokens.push_back(std::move(other));
  }
  TRY(tables.devices.seen(admission.device_id, admission.now_ms, "connect"));
  if (admission.role == "node") TRY(admit_node(tables, admission, admitted));
  return std::optional(std::move(admitted));
}

}  // namespace omenia::devices
