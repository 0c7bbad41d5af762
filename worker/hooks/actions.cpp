#include "worker/hooks/actions.h"

#include "shared/base/ids.h"
#include "shared/json/writer.h"
#include "worker/agents/system_events.h"
#include "worker/hooks/payload.h"
#include "worker/hooks/targets.h"

namespace omenia::hooks {

namespace {

Error invalid(std::string message) {
  return fail(ErrorCode::invalid_request, std::move(message));
}

// What a sender may ask of channels, as long as none is there.
Result<void> check_delivery(JsonView payload) {
  TRY(flag_in(payload, "deliver", true));
  TRY_ASSIGN(const std::string channel, text_in(payload, "channel"));
  TRY_ASSIGN(const std::string to, text_in(payload, "to"));
  if (!channel.empty() && channel != "last") return invalid("channel must be last");
  if (!to.empty()) return invalid("to is not available: no chat channel is connected");
  return {};
}

Result<bool> wants_persistent(JsonView payload) {
  TRY_ASSIGN(const std::string mode, text_in(payload, "sessionMode"));
  if (mode.empty() || mode == "isolated") return false;
  if (mode == "persistent") return true;
  return invalid("sessionMode must be isolated or persistent");
}

// By what a run is known again: the sender, the place and all that is to be done, with `key`. The session only when it
// was named.
std::string replay_id_of(const worker::Context& context, const http::Request& request, const AgentRun& run,
                         std::string_view named_session, std::string_view key) {
  JsonWriter all;
  all.begin_array().value(context.config()->hooks_token.reveal()).value(request.path).value(run.session.agent_id);
  all.value(named_session).value(run.isolated).value(run.name).value(run.message).value(run.model);
  all.value(run.thinking).value(run.timeout_seconds).value(key).end_array();
  return sha256_hex(all.text());
}

}  // namespace

Result<Wake> read_wake(const worker::Context& context, JsonView payload) {
  Wake wake;
  TargetWish wish;
  TRY_ASSIGN(wake.text, text_in(payload, "text"));
  TRY(agents::check_event(wake.text));
  TRY_ASSIGN(const std::string mode, text_in(payload, "mode"));
  wake.now = mode != "next-heartbeat";
  TRY_ASSIGN(wish.agent_id, text_in(payload, "agentId"));
  TRY_ASSIGN(wish.session_key, text_in(payload, "sessionKey"));
  wish.chosen_outside = !wish.session_key.empty();
  if (!wish.session_key.empty() && !wake.now) return invalid("sessionKey is only possible with mode now");
  TRY_ASSIGN(wake.session, session_of_wake(context, wish));
  return wake;
}

Result<AgentRun> read_run(const worker::Context& context, const http::Request& request, JsonView payload) {
  AgentRun run;
  TargetWish wish;
  TRY_ASSIGN(run.message, text_in(payload, "message"));
  if (run.message.empty()) return invalid("message required");
  TRY(check_delivery(payload));
  TRY_ASSIGN(const std::string name, text_in(payload, "name"));
  if (!name.empty()) run.name = name;
  TRY_ASSIGN(run.model, text_in(payload, "model"));
  TRY_ASSIGN(run.thinking, text_in(payload, "thinking"));
  TRY_ASSIGN(run.timeout_seconds, seconds_in(payload, "timeoutSeconds"));
  if (run.timeout_seconds == 0) run.timeout_seconds = -1;  // Without any limit is not for strangers to ask.
  TRY_ASSIGN(run.waits, flag_in(payload, "waitForCompletion", false));
  TRY_ASSIGN(wish.agent_id, text_in(payload, "agentId"));
  TRY_ASSIGN(wish.session_key, text_in(payload, "sessionKey"));
  TRY_ASSIGN(wish.persistent, wants_persistent(payload));
  wish.chosen_outside = !wish.session_key.empty();
  TRY_ASSIGN(run.session, session_of_run(context, wish));
  run.isolated = !wish.persistent;
  TRY_ASSIGN(const std::string key, idempotency_key(request, payload));
  if (!key.empty()) {
    run.replay_id = replay_id_of(context, request, run, wish.session_key, key);
    run.replay_ms = limits::idempotency_age_ms_max;
  }
  return run;
}

Result<std::string> idempotency_key(const http::Request& request, JsonView payload) {
  std::string key(request.header("idempotency-key"));
  if (key.empty()) key = request.header("x-OmeniaClaw-idempotency-key");
  if (key.empty()) {
    TRY_ASSIGN(key, text_in(payload, "idempotencyKey"));
  }
  if (key.size() > limits::hook_key_chars_max)
    return invalid("idempotencyKey is longer than " + std::to_string(limits::hook_key_chars_max) + " characters");
  return key;
}

}  // namespace omenia::hooks
