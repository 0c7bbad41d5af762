#include "worker/ws/handshake.h"

#include "shared/base/clock.h"
#include "worker/context.h"
#include "worker/devices/records.h"
#include "worker/ws/refusals.h"

namespace omenia::ws {

namespace {

// The store cannot be asked: nobody whose rights it holds gets in.
Refusal refuse_for_store(Error error) {
  Refusal refusal;
  refusal.close_code = row_of(ErrorCode::unavailable).close_code;
  refusal.close_reason = "gateway state unavailable";
  refusal.error = std::move(error);
  return refusal;
}

Task<Result<auth::KnownDevice>> look_up(worker::Context* context, std::optional<devices::Lookup> lookup) {
  if (!lookup) co_return auth::KnownDevice{};
  auto reading = context->store->read<auth::KnownDevice>(
      [wanted = std::move(*lookup)](state::Tables& tables) { return devices::look_up(tables, wanted); });
  auto known = co_await std::move(reading);
  co_return known;
}

// The operator gets to see it; the client gets its id.
Task<Refusal> put_before_operator(worker::Context* context, Refusal refusal) {
  auto filing = context->store->write<state::FiledRequest>(
      [request = *refusal.request](state::Tables& tables) -> Result<state::FiledRequest> {
        TRY(tables.pairing_requests.forget_before(request.created_ms - limits::pairing_request_ms));
        return tables.pairing_requests.file(request);
      });
  auto filed = co_await std::move(filing);
  if (!filed.ok()) co_return refuse_for_store(std::move(filed).error());
  const state::FiledRequest& request = filed.value();
  context->scope_upgrades.decide(request.replaced, devices::ScopeUpgrades::Decision::expired);
  if (request.is_new) context->hub.broadcast(Event::device_pair_requested, devices::requested_payload(request.row));
  co_return with_request_id(std::move(refusal), request.row.request_id);
}

void tell_admitted(worker::Context& context, const Grant& grant) {
  const devices::Admission& admission = *grant.admission;
  const devices::Admitted& admitted = *grant.admitted;
  if (!admitted.resolved_request.empty()) {
    context.scope_upgrades.decide(admitted.resolved_request, devices::ScopeUpgrades::Decision::approved);
    context.hub.broadcast(Event::device_pair_resolved,
                          devices::resolved_payload("device", admitted.resolved_request, admission.device_id,
                                                    "approved", admission.now_ms));
  }
  if (!admission.setup_id.empty()) {
    JsonWriter payload;
    payload.begin_object().member("setupId", admission.setup_id).member("deviceId", admission.device_id);
    if (!admission.wish.display_name.empty()) payload.member("deviceName", admission.wish.display_name);
    payload.member("access", admission.setup_access).member("ts", admission.now_ms).end_object();
    context.hub.broadcast(Event::device_setup_completed, payload.text());
  }
  if (admitted.node_request && admitted.node_request->is_new)
    context.hub.broadcast(Event::node_pair_requested, devices::requested_payload(admitted.node_request->row));
}

}  // namespace

ConnectPolicy connect_policy(const worker::Context& context) {
  const Config& config = *context.config();
  return {.allowed_origins = context.allowed_origins(),
          .approve_local = config.nodes_approve_local,
          .approved_networks = config.nodes_approve_networks,
          .approve_vouched = config.trusted_proxy_approves_devices,
          .vouched_scopes = auth::ScopeSet::of_names(config.trusted_proxy_scopes),
          .commands_allowed = config.node_commands_allow,
          .commands_denied = config.node_commands_deny};
}

Task<Decision> settle(worker::Context* context, Handshake handshake) {
  ConnectPolicy policy = connect_policy(*context);
  ConnectQuestion question{*handshake.request, handshake.peer, {}, wall_ms(), policy};
  if (auto refusal = refuse_entry(question)) co_return std::move(*refusal);
  if (auto refusal = refuse_locked(question, context->attempts)) co_return std::move(*refusal);
  question.proof_refusal = prove(*handshake.request, handshake.nonce, question.now_ms);
  for (int decided = 0; decided < limits::handshake_decisions_max; ++decided) {
    const std::int64_t secret_epoch = context->authenticator.epoch();
    if (decided > 0) policy = connect_policy(*context);  // It may be what has changed.
    auto looking = look_up(context, lookup_for(question));
    auto known = co_await std::move(looking);
    if (!known.ok()) co_return refuse_for_store(std::move(known).error());
    Decision decision = decide(question, context->authenticator, known.value());
    if (auto* refusal = std::get_if<Refusal>(&decision)) {
      count_guess(*refusal, question, context->attempts);
      if (!refusal->request) co_return decision;
      auto filing = put_before_operator(context, std::move(*refusal));
      auto filed = co_await std::move(filing);
      co_return filed;
    }
    Grant grant = std::get<Grant>(std::move(decision));
    if (grant.admission) {
      auto admitting = context->store->write<std::optional<devices::Admitted>>(
          [admission = *grant.admission, identity = context->identity](state::Tables& tables) {
            return devices::admit(tables, admission, *identity);
          });
      auto admitted = co_await std::move(admitting);
      if (!admitted.ok()) co_return refuse_for_store(std::move(admitted).error());
      if (!admitted.value()) continue;  // The device is not any more what was decided on.
      grant.admitted = std::make_shared<const devices::Admitted>(std::move(*admitted.value()));
      tell_admitted(*context, grant);
    }
    if (secret_epoch != context->authenticator.epoch())
      continue;  // The secret it has shown is not the secret any more.
    if (grant.method != "none") context->attempts.succeeded(handshake.peer.caller());
    co_return grant;
  }
  co_return refuse_for_store(fail(ErrorCode::unavailable, "what this client may do keeps changing; try again"));
}

}  // namespace omenia::ws
