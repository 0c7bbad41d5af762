// device.*: pairing of devices, their tokens. A device that is no administrator sees and changes only itself.

#include "shared/base/clock.h"
#include "worker/context.h"
#include "worker/devices/changes.h"
#include "worker/revocation.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/router.h"

namespace omenia::rpc::methods {

namespace {

bool is_admin(const Call& call) {
  return call.connection.scopes().covers(auth::Scope::admin);
}

// What a device may not touch, it does not learn of either.
bool may_manage(const Call& call, const std::string& device_id) {
  const std::string& own = call.connection.client().device_id;
  return is_admin(call) || own.empty() || own == device_id;
}

Error unknown_device() {
  return fail(ErrorCode::invalid_request, "unknown deviceId");
}

std::string text_in(const Call& call, std::string_view name) {
  return std::string(call.params[name].text());
}

Result<void> check_held(const auth::ScopeSet& held, const auth::ScopeSet& given) {
  for (const auth::Scope scope : given.scopes())
    if (!held.covers(scope)) return auth::missing_scope(scope);
  return {};
}

// Nobody gives what he has not himself; another role than operator is an administrator's to give.
devices::MayApprove may_approve(const CallPointer& call) {
  return [scopes = call->connection.scopes(), admin = is_admin(*call),
          own = call->connection.client().device_id](const state::PairingRequestRow& request) -> Result<void> {
    if (admin) return {};
    if (!own.empty() && own != request.device_id) return fail(ErrorCode::invalid_request, "unknown requestId");
    if (request.role != "operator") return auth::missing_scope(auth::Scope::admin);
    return check_held(scopes, auth::ScopeSet::of_names(request.scopes));
  };
}

devices::MayApprove may_reject(const CallPointer& call) {
  return [admin = is_admin(*call),
          own = call->connection.client().device_id](const state::PairingRequestRow& request) -> Result<void> {
    if (admin || own.empty() || own == request.device_id) return {};
    return fail(ErrorCode::invalid_request, "unknown requestId");
  };
}

void tell_changed(worker::Context& context, const std::string& device_id, std::string_view reason) {
  JsonWriter payload;
  payload.begin_object().member("deviceId", device_id).member("reason", reason).member("ts", wall_ms());
  context.hub.broadcast(Event::device_pair_changed, payload.end_object().text());
}

void tell_resolved(worker::Context& context, const std::string& request_id, const std::string& device_id,
                   std::string_view decision) {
  context.hub.broadcast(Event::device_pair_resolved,
                        devices::resolved_payload("device", request_id, device_id, decision, wall_ms()));
}

struct Listing {
  std::vector<state::PairingRequestRow> pending;
  std::vector<devices::DeviceRecord> paired;
};

Result<Listing> list_devices(state::Tables& tables) {
  Listing listing;
  TRY_ASSIGN(listing.pending, tables.pairing_requests.list("device"));
  TRY_ASSIGN(auto rows, tables.devices.list());
  for (state::DeviceRow& row : rows) {
    TRY_ASSIGN(devices::DeviceRecord record, devices::record_of(tables, std::move(row)));
    listing.paired.push_back(std::move(record));
  }
  return listing;
}

}  // namespace

AnswerTask device_pair_list(CallPointer call) {
  TRY_AWAIT(const Listing listing, call->context.store->read<Listing>(list_devices));
  const std::set<std::string> connected = worker::connected_devices(call->context);
  const std::int64_t oldest_ms = wall_ms() - limits::pairing_request_ms;
  JsonWriter writer;
  writer.begin_object().key("pending").begin_array();
  for (const state::PairingRequestRow& request : listing.pending)
    if (request.created_ms >= oldest_ms && may_manage(*call, request.device_id))
      devices::write_device_request(writer, request);
  writer.end_array().key("paired").begin_array();
  for (const devices::DeviceRecord& record : listing.paired)
    if (may_manage(*call, record.device.device_id))
      devices::write_device(writer, record, connected.contains(record.device.device_id));
  co_return Answer{writer.end_array().end_object().take()};
}

AnswerTask device_pair_approve(CallPointer call) {
  TRY_AWAIT(const devices::ApprovedDevice approved,
            call->context.store->write<devices::ApprovedDevice>(
                [id = text_in(*call, "requestId"), may = may_approve(call), now_ms = wall_ms()](state::Tables& tables) {
                  return devices::approve_device(tables, id, may, now_ms);
                }));
  tell_resolved(call->context, approved.request_id, approved.record.device.device_id, "approved");
  call->context.scope_upgrades.decide(approved.request_id, devices::ScopeUpgrades::Decision::approved);
  JsonWriter writer;
  writer.begin_object().member("requestId", approved.request_id).key("device");
  devices::write_device(writer, approved.record, {});
  co_return Answer{writer.end_object().take()};
}

AnswerTask device_pair_reject(CallPointer call) {
  TRY_AWAIT(const state::PairingRequestRow request,
            call->context.store->write<state::PairingRequestRow>(
                [id = text_in(*call, "requestId"), may = may_reject(call)](state::Tables& tables) {
                  return devices::reject(tables, "device", id, may);
                }));
  tell_resolved(call->context, request.request_id, request.device_id, "rejected");
  call->context.scope_upgrades.decide(request.request_id, devices::ScopeUpgrades::Decision::rejected);
  JsonWriter writer;
  writer.begin_object().member("requestId", request.request_id).member("deviceId", request.device_id);
  co_return Answer{writer.end_object().take()};
}

AnswerTask device_pair_remove(CallPointer call) {
  const std::string id = text_in(*call, "deviceId");
  if (!may_manage(*call, id)) co_return unknown_device();
  TRY_AWAIT(const bool removed,
            call->context.store->write<bool>([id](state::Tables& tables) { return tables.devices.remove(id); }));
  if (!removed) co_return unknown_device();
  call->context.nodes.disapprove(id);
  worker::close_device(call->context, id, {}, "device removed", call->connection.id());
  tell_changed(call->context, id, "removed");
  JsonWriter writer;
  co_return Answer{writer.begin_object().member("deviceId", id).end_object().take()};
}

AnswerTask device_pair_rename(CallPointer call) {
  const std::string id = text_in(*call, "deviceId");
  const std::string label = text_in(*call, "label");
  if (!may_manage(*call, id)) co_return unknown_device();
  TRY_AWAIT(const bool renamed, call->context.store->write<bool>(
                                    [id, label](state::Tables& tables) { return tables.devices.rename(id, label); }));
  if (!renamed) co_return unknown_device();
  tell_changed(call->context, id, "renamed");
  JsonWriter writer;
  co_return Answer{writer.begin_object().member("deviceId", id).member("label", label).end_object().take()};
}

AnswerTask device_token_rotate(CallPointer call) {
  const std::string id = text_in(*call, "deviceId");
  const std::string role = text_in(*call, "role");
  std::vector<std::string> scopes;
  for (JsonView item = call->params["scopes"].first(); item; item = item.next()) scopes.emplace_back(item.text());
  if (!may_manage(*call, id)) co_return fail(ErrorCode::invalid_request, "device token rotation denied");
  // A caller cannot give a token more than it has itself.
  CO_TRY(check_held(call->connection.scopes(), auth::ScopeSet::of_names(scopes)));
  TRY_AWAIT(const devices::IssuedToken issued,
            call->context.store->write<devices::IssuedToken>(
                [id, role, scopes, identity = call->context.identity, now_ms = wall_ms()](state::Tables& tables) {
                  return devices::rotate_token(tables, id, role, scopes, *identity, now_ms);
                }));
  const auth::Role of = role == "node" ? auth::Role::node : auth::Role::operator_;
  worker::close_device(call->context, id, of, "device token rotated", call->connection.id());
  tell_changed(call->context, id, "token-rotated");
  const bool is_own = call->connection.client().device_id == id;
  JsonWriter writer;
  writer.begin_object().member("deviceId", id).member("role", role);
  if (is_own) writer.member("token", issued.token);
  devices::write_list(writer, "scopes", issued.scopes);
  writer.member("rotatedAtMs", issued.issued_ms);
  co_return Answer{writer.member("tokenDelivery", is_own ? "in-band" : "withheld-cross-device").end_object().take()};
}

AnswerTask device_token_revoke(CallPointer call) {
  const std::string id = text_in(*call, "deviceId");
  const std::string role = text_in(*call, "role");
  if (!may_manage(*call, id)) co_return fail(ErrorCode::invalid_request, "unknown deviceId or role");
  auto revoking = call->context.store->write<bool>([id, role](state::Tables& tables) -> Result<bool> {
    TRY(devices::revoke_token(tables, id, role));
    return true;
  });
  const auto revoked = co_await std::move(revoking);
  if (!revoked.ok()) co_return revoked.error();
  const auth::Role of = role == "node" ? auth::Role::node : auth::Role::operator_;
  worker::close_device(call->context, id, of, "device token revoked", call->connection.id());
  tell_changed(call->context, id, "token-revoked");
  JsonWriter writer;
  writer.begin_object().member("deviceId", id).member("role", role).member("revokedAtMs", wall_ms());
  co_return Answer{writer.end_object().take()};
}

AnswerTask gateway_identity_get(CallPointer call) {
  const devices::Identity& identity = *call->context.identity;
  JsonWriter writer;
  writer.begin_object().member("deviceId", identity.device_id()).member("publicKey", identity.public_key());
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
