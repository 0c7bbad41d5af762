// Reading the parameters of connect.

#include "shared/json/shape.h"
#include "worker/ws/connect.h"

namespace omenia::ws {

namespace {

using enum JsonType;

constexpr Field client_fields[] = {
    {.name = "id",
     .type = string,
     .required = true,
     .allowed =
         "webchat-ui|openclaw-control-ui|openclaw-browser-copilot|openclaw-tui|webchat|cli|gateway-client|"
         "openclaw-macos|openclaw-linux|openclaw-ios|openclaw-watchos|openclaw-android|node-host|openclaw-worker|"
         "test|fingerprint|openclaw-probe"},
    {.name = "mode", .type = string, .required = true, .allowed = "webchat|cli|ui|backend|node|worker|probe|test"},
    {"version", text, true},
    {"platform", text, true},
    {"displayName", text},
    {"deviceFamily", text},
    {"modelIdentifier", text},
    {"instanceId", text},
    {.name = "buildId", .type = string, .max = 96},
    {.name = "timeZone", .type = string, .max = 64},
};
constexpr Shape client_shape{client_fields};

constexpr Field device_fields[] = {
    {"id", text, true},        {"publicKey", text, true},
    {"signature", text, true}, {.name = "signedAt", .type = integer, .required = true, .min = 0},
    {"nonce", string, true},
};
constexpr Shape device_shape{device_fields};

constexpr Field auth_fields[] = {
    {"token", string},
    {"password", string},
    {"deviceToken", string},
    {"bootstrapToken", string},
    {"approvalRuntimeToken", string},
    {"agentRuntimeIdentityToken", string},
};
constexpr Shape auth_shape{auth_fields};

constexpr Field connect_fields[] = {
    {.name = "minProtocol", .type = integer, .required = true, .min = 1},
    {.name = "maxProtocol", .type = integer, .required = true, .min = 1},
    {.name = "client", .type = object, .required = true, .shape = &client_shape},
    {"role", string},
    {.name = "scopes", .type = array, .max = 64, .item = string},
    {.name = "caps", .type = array, .max = 64, .item = string},
    {.name = "commands", .type = array, .max = 1024, .item = string},
    {"permissions", object},
    {"pathEnv", string},
    {"computerUse", any},
    {"workerRuns", object},
    {.name = "device", .type = object, .shape = &device_shape},
    {.name = "auth", .type = object, .shape = &auth_shape},
    {"locale", string},
    {"userAgent", string},
};
constexpr Shape connect_shape{connect_fields};

std::vector<std::string> texts_of(JsonView array) {
  std::vector<std::string> texts;
  for (JsonView item = array.first(); item; item = item.next()) texts.emplace_back(item.text());
  return texts;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all.append(all.empty() ? "" : ",").append(text);
  return all;
}

rpc::ClientInfo client_of(JsonView client) {
  rpc::ClientInfo info;
  info.id = client["id"].text();
  info.mode = client["mode"].text();
  info.version = client["version"].text();
  info.platform = client["platform"].text();
  info.display_name = client["displayName"].text();
  info.device_family = client["deviceFamily"].text();
  info.model_identifier = client["modelIdentifier"].text();
  info.instance_id = client["instanceId"].text();
  info.time_zone = client["timeZone"].text();
  return info;
}

// A node that names no family is shown as what its platform is.
std::string family_of(const std::string& platform) {
  if (platform == "linux") return "Linux";
  if (platform == "darwin" || platform == "macos") return "Mac";
  return platform == "win32" || platform == "windows" ? "Windows" : "";
}

auth::DeviceClaim claim_of(JsonView device, const ConnectRequest& request) {
  auth::DeviceClaim claim;
  claim.id = device["id"].text();
  claim.public_key = device["publicKey"].text();
  claim.signature = device["signature"].text();
  claim.signed_at_ms = device["signedAt"].integer();
  claim.nonce = device["nonce"].text();
  claim.client_id = request.client.id;
  claim.client_mode = request.client.mode;
  claim.role = request.role;
  claim.scopes = joined(request.scopes);
  claim.platform = request.client.platform;
  claim.device_family = request.client.device_family;
  for (const std::string* token : {&request.token, &request.device_token, &request.bootstrap_token})
    if (claim.token.empty()) claim.token = *token;
  return claim;
}

}  // namespace

Result<ConnectRequest> ConnectRequest::read(JsonView params) {
  TRY(check_params("connect", params, connect_shape));
  ConnectRequest request;
  request.protocol_min = params["minProtocol"].integer();
  request.protocol_max = params["maxProtocol"].integer();
  request.client = client_of(params["client"]);
  request.client.caps = texts_of(params["caps"]);
  request.role = params["role"].text("operator");
  request.scopes = texts_of(params["scopes"]);
  request.commands = texts_of(params["commands"]);
  const JsonView auth = params["auth"];
  request.token = auth["token"].text();
  request.password = auth["password"].text();
  request.device_token = auth["deviceToken"].text();
  request.bootstrap_token = auth["bootstrapToken"].text();
  if (const JsonView device = params["device"]) request.device = claim_of(device, request);
  if (request.is_node() && request.client.device_family.empty())
    request.client.device_family = family_of(request.client.platform);
  return request;
}

}  // namespace omenia::ws
