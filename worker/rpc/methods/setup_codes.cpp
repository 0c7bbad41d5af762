// device.pair.setupCode, setupStatus: codes that let one new device in without the shared secret.

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/config/bind.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

namespace {

struct GatewayUrl {
  std::string url;
  std::string source;
};

// Where the new device finds this gateway: what the caller says, else the first address that is served.
Result<GatewayUrl> url_for(const Call& call) {
  const std::string given(call.params["publicUrl"].text());
  if (!given.empty()) {
    for (const std::string_view scheme : {"ws://", "wss://", "http://", "https://"})
      if (given.starts_with(scheme) && given.size() > scheme.size()) return GatewayUrl{given, "publicUrl"};
    return fail(ErrorCode::invalid_request, "publicUrl has to begin with ws://, wss://, http:// or https://");
  }
  const std::string scheme = call.context.tls ? "wss://" : "ws://";
  for (const ListenAddress& address : call.context.launch.listen)
    if (!is_loopback(address.host) && address.host != "0.0.0.0")
      return GatewayUrl{scheme + address.host + ":" + std::to_string(address.port), "gateway.bind"};
  if (call.context.launch.listen.empty())
    return fail(ErrorCode::invalid_request, "the gateway's address is not known; give publicUrl");
  return GatewayUrl{scheme + "127.0.0.1:" + std::to_string(call.context.launch.listen.front().port), "loopback"};
}

std::string code_of(const std::string& url, const std::string& token) {
  JsonWriter writer;
  return base64url(writer.begin_object().member("url", url).member("bootstrapToken", token).end_object().text());
}

}  // namespace

AnswerTask device_pair_setup_code(CallPointer call) {
  CO_TRY_ASSIGN(const GatewayUrl url, url_for(*call));
  if (call->params["joinUrl"].boolean())
    co_return fail(ErrorCode::invalid_request, "joinUrl is not available in this release");
  const std::string token = random_token();
  state::SetupCodeRow row;
  row.setup_id = random_uuid();
  row.hash = sha256_hex(token);
  row.access = call->params["bootstrapProfile"].text("full");
  row.created_ms = wall_ms();
  row.expires_ms = row.created_ms + limits::setup_code_ms;
  TRY_AWAIT(const bool added, call->context.store->write<bool>([row](state::Tables& tables) -> Result<bool> {
    TRY(tables.setup_codes.add(row));
    return true;
  }));
  static_cast<void>(added);
  const bool by_password = call->context.authenticator.mode() == auth::AuthMode::password;
  JsonWriter writer;
  writer.begin_object().member("setupId", row.setup_id).member("setupCode", code_of(url.url, token));
  writer.member("gatewayUrl", url.url);
  writer.member("auth", by_password ? "password" : "token").member("urlSource", url.source);
  writer.member("access", row.access).member("expiresAtMs", row.expires_ms);
  co_return Answer{writer.end_object().take()};
}

AnswerTask device_pair_setup_status(CallPointer call) {
  const std::string id(call->params["setupId"].text());
  TRY_AWAIT(const std::optional<state::SetupCodeRow> row,
            call->context.store->read<std::optional<state::SetupCodeRow>>(
                [id](state::Tables& tables) { return tables.setup_codes.find(id); }));
  JsonWriter writer;
  writer.begin_object();
  if (row && row->used_ms > 0) {
    writer.key("completion").begin_object().member("setupId", row->setup_id).member("deviceId", row->device_id);
    if (!row->device_name.empty()) writer.member("deviceName", row->device_name);
    writer.member("access", row->access).member("ts", row->used_ms).end_object();
  }
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
