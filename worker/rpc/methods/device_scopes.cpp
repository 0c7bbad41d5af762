// device.scopes.requestUpgrade, device.scopes.waitUpgrade: a device that is in asks the operator for more.

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "worker/context.h"
#include "worker/devices/admission.h"
#include "worker/devices/records.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

namespace {

using Decision = devices::ScopeUpgrades::Decision;

std::string_view name_of(Decision decision) {
  switch (decision) {
    case Decision::approved: return "approved";
    case Decision::rejected: return "rejected";
    case Decision::expired: break;
  }
  return "expired";
}

Error no_device() {
  return Error{ErrorCode::not_paired, "device identity required", R"({"code":"DEVICE_IDENTITY_REQUIRED"})", {}};
}

// The scopes by their names; a scope that nobody knows can be approved by nobody.
Result<std::vector<std::string>> wanted_scopes(JsonView list) {
  auth::ScopeSet scopes;
  for (JsonView item = list.first(); item; item = item.next())
    if (!scopes.add_by_name(item.text()))
      return fail(ErrorCode::invalid_request, "unknown scope '" + std::string(item.text()) + "'");
  return scopes.texts();
}

struct Asking {
  std::string device_id;
  std::vector<std::string> scopes;
  std::string client_version;
  std::string remote_address;
  std::int64_t now_ms = 0;
};

// Nothing is filed for what the device has already.
using Filed = std::optional<state::FiledRequest>;

Result<Filed> file(state::Tables& tables, const Asking& asking) {
  TRY_ASSIGN(const auto device, tables.devices.find(asking.device_id));
  if (!device) return no_device();
  if (auth::ScopeSet::of_names(device->scopes).covers(auth::ScopeSet::of_names(asking.scopes))) return Filed();
  TRY(tables.pairing_requests.forget_before(asking.now_ms - limits::pairing_request_ms));
  TRY_ASSIGN(state::FiledRequest filed, tables.pairing_requests.file({.kind = "device",
                                                                      .device_id = device->device_id,
                                                                      .public_key = device->public_key,
                                                                      .display_name = device->display_name,
                                                                      .platform = device->platform,
                                                                      .device_family = device->device_family,
                                                                      .client_id = device->client_id,
                                                                      .client_mode = device->client_mode,
                                                                      .client_version = asking.client_version,
                                                                      .role = "operator",
                                                                      .scopes = asking.scopes,
                                                                      .remote_address = asking.remote_address,
                                                                      .repair = true,
                                                                      .created_ms = asking.now_ms}));
  return Filed(std::move(filed));
}

Result<devices::IssuedToken> token_of(state::Tables& tables, const std::string& device_id,
                                      const devices::Identity& identity) {
  TRY_ASSIGN(const auto device, tables.devices.find(device_id));
  if (!device) return no_device();
  return devices::issue_token(tables, *device, "operator", identity, wall_ms());
}

}  // namespace

AnswerTask scopes_request_upgrade(CallPointer call) {
  worker::Context& context = call->context;
  const std::string device_id = call->connection.client().device_id;
  if (device_id.empty()) co_return no_device();
  CO_TRY_ASSIGN(std::vector<std::string> scopes, wanted_scopes(call->params["scopes"]));
  const Asking asking{device_id, std::move(scopes), call->connection.client().version, call->connection.address(),
                      wall_ms()};
  TRY_AWAIT(const Filed filed,
            context.store->write<Filed>([asking](state::Tables& tables) { return file(tables, asking); }));
  const std::string request_id = filed ? filed->row.request_id : random_uuid();
  context.scope_upgrades.ask(request_id, device_id);
  if (!filed) context.scope_upgrades.decide(request_id, Decision::approved);
  if (filed && !filed->replaced.empty()) context.scope_upgrades.decide(filed->replaced, Decision::expired);
  if (filed && filed->is_new)
    context.hub.broadcast(Event::device_pair_requested, devices::requested_payload(filed->row));
  JsonWriter writer;
  co_return Answer{writer.begin_object().member("requestId", request_id).end_object().take()};
}

// The connection keeps the scopes that it has: what is approved counts for the next connect, with this token.
AnswerTask scopes_wait_upgrade(CallPointer call) {
  worker::Context& context = call->context;
  const std::string device_id = call->connection.client().device_id;
  if (device_id.empty()) co_return no_device();
  const std::string request_id(call->params["requestId"].text());
  auto waiting = context.scope_upgrades.wait_for(request_id, device_id);
  if (!waiting) co_return fail(ErrorCode::invalid_request, "unknown requestId");
  Timer expiry(context.loop, [&context, request_id] { context.scope_upgrades.decide(request_id, Decision::expired); });
  expiry.start(limits::pairing_request_ms);
  auto deciding = std::move(*waiting);
  const Decision decision = co_await std::move(deciding);
  JsonWriter writer;
  writer.begin_object().member("status", name_of(decision)).member("requestId", request_id);
  if (decision != Decision::approved) co_return Answer{writer.end_object().take()};
  TRY_AWAIT(const devices::IssuedToken token,
            context.store->write<devices::IssuedToken>([device_id, identity = context.identity](state::Tables& tables) {
              return token_of(tables, device_id, *identity);
            }));
  writer.member("deviceToken", token.token);
  devices::write_list(writer, "scopes", token.scopes);
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
