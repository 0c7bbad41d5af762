#include "worker/ws/hello.h"

#include "shared/base/clock.h"
#include "shared/base/version.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/devices/records.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/router.h"
#include "worker/sessions/key.h"

namespace omenia::ws {

namespace {

void write_features(JsonWriter& writer, const Session& session) {
  writer.key("features").begin_object().key("methods").begin_array();
  for (const rpc::MethodRow& row : rpc::method_rows())
    if (rpc::is_offered(row, session.role(), session.scopes())) writer.value(row.name);
  writer.end_array().key("events").begin_array();
  for (const EventRow& row : event_rows) writer.value(row.name);
  writer.end_array().key("capabilities").begin_array().value("delta-text").end_array().end_object();
}

void write_snapshot(JsonWriter& writer, const worker::Context& context, const Session& session) {
  const auth::ScopeSet& scopes = session.scopes();
  const std::string agent = context.default_agent();
  writer.key("snapshot").begin_object();
  writer.raw_member("presence", session.is_node() ? "[]" : context.presence.to_json())
      .raw_member("health", context.health.snapshot());
  writer.key("stateVersion").begin_object();
  writer.member("presence", context.presence.version()).member("health", context.health.version()).end_object();
  writer.member("uptimeMs", wall_ms() - context.started_ms);
  writer.key("suspension").begin_object().member("phase", "accepting").end_object();
  writer.key("appliedConfigHash");
  context.loaded->exists ? writer.value(context.loaded->hash) : writer.null();
  writer.key("sessionDefaults").begin_object();
  writer.member("defaultAgentId", agent).member("modelConfigured", !context.config()->providers.empty());
  writer.member("ownership", context.config()->agents.size() == 1 ? "sole" : "explicit");
  writer.member("selectionRequired", false).member("mainKey", "main");
  writer.member("mainSessionKey", sessions::make_key(agent, "main").text);
  writer.member("scope", context.config()->session_scope).end_object();
  if (scopes.covers(auth::Scope::admin)) {
    writer.member("configPath", context.launch.config_path).member("stateDir", context.launch.state_dir);
    writer.member("authMode", auth::name_of(context.authenticator.mode()));
  }
  writer.end_object();
}

void write_tokens(JsonWriter& writer, const devices::Admitted& admitted) {
  if (admitted.token.token.empty()) return;
  writer.member("deviceToken", admitted.token.token).member("issuedAtMs", admitted.token.issued_ms);
  if (admitted.other_tokens.empty()) return;
  writer.key("deviceTokens").begin_array();
  for (const devices::IssuedToken& other : admitted.other_tokens) {
    writer.begin_object().member("deviceToken", other.token).member("role", other.role);
    devices::write_list(writer, "scopes", other.scopes);
    writer.member("issuedAtMs", other.issued_ms).end_object();
  }
  writer.end_array();
}

void write_auth(JsonWriter& writer, const Grant& grant) {
  writer.key("auth").begin_object().member("role", auth::name_of(grant.role));
  devices::write_list(writer, "scopes", grant.scopes.texts());
  writer.member("method", grant.method);
  if (grant.admitted) write_tokens(writer, *grant.admitted);
  writer.end_object();
}

void write_policy(JsonWriter& writer, const worker::Context& context) {
  writer.key("policy").begin_object();
  writer.member("maxPayload", limits::frame_bytes_max);
  writer.member("maxBufferedBytes", context.web_sockets->options().outbox_bytes_max);
  writer.member("tickIntervalMs", limits::tick_ms).key("attachments").begin_object();
  writer.member("maxBytes", limits::attachment_bytes_max).member("maxImageBytes", limits::attachment_image_bytes_max);
  writer.end_object().end_object();
}

}  // namespace

std::string hello_payload(const worker::Context& context, const Session& session) {
  JsonWriter writer(4096);
  writer.begin_object().member("type", "hello-ok").member("protocol", 4);
  writer.key("server").begin_object().member("version", version).member("connId", session.id());
  writer.member("bootId", context.boot_id).end_object();
  write_features(writer, session);
  write_snapshot(writer, context, session);
  write_auth(writer, session.grant());
  write_policy(writer, context);
  return writer.end_object().take();
}

}  // namespace omenia::ws
