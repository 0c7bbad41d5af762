// Frames in, answers and events out. Responses to requests nobody waits for (the refresh after a gap) are dropped.

#include "cli/client.h"

#include "cli/address.h"
#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "shared/base/version.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

constexpr int protocol = 4;

Error closed(const WebSocket& socket) {
  return fail(ErrorCode::unreachable, socket.close_text());
}

Error late() {
  return fail(ErrorCode::unreachable, "the gateway did not answer in time");
}

Answer answer_of(JsonView response) {
  Answer answer;
  answer.ok = response["ok"].boolean();
  if (response["payload"]) answer.payload = Json::copy(response["payload"]);
  if (response["error"]) answer.error = Json::copy(response["error"]);
  return answer;
}

void write_list(JsonWriter& writer, std::string_view name, const std::vector<std::string>& items) {
  writer.key(name).begin_array();
  for (const std::string& item : items) writer.value(item);
  writer.end_array();
}

}  // namespace

std::int64_t deadline_after(std::int64_t ms) {
  return steady_ms() + ms;
}

std::string connect_params(const Target& target, const Identity& identity) {
  JsonWriter writer;
  writer.begin_object().member("minProtocol", identity.protocol_min).member("maxProtocol", protocol);
  writer.key("client").begin_object().member("id", identity.id);
  if (!identity.display_name.empty()) writer.member("displayName", identity.display_name);
  writer.member("version", version).member("platform", "linux").member("mode", identity.mode).end_object();
  writer.member("role", "operator");
  write_list(writer, "scopes", identity.scopes);
  write_list(writer, "caps", identity.caps);
  if (!target.token.empty() || !target.password.empty()) {
    writer.key("auth").begin_object();
    if (!target.token.empty()) writer.member("token", target.token.reveal());
    if (!target.password.empty()) writer.member("password", target.password.reveal());
    writer.end_object();
  }
  writer.member("userAgent", "OmeniaClaw-cli/" + std::string(version));
  return writer.end_object().take();
}

Result<GatewayClient> GatewayClient::open(const Target& target, std::int64_t deadline_steady_ms,
                                          int interrupt_descriptor) {
  TRY_ASSIGN(const std::string address, resolve_host(target.host, deadline_steady_ms));
  if (!target.tls && !is_private_address(address)) {
    return fail(ErrorCode::unreachable, target.host +
                                            " is a public address: ws:// would send the credential unencrypted; "
                                            "use wss://, an SSH tunnel or a private network");
  }
  WebSocket::Request request;
  request.address = address;
  const bool is_v6 = target.host.find(':') != std::string::npos;
  request.host = (is_v6 ? "[" + target.host + "]" : target.host) + ":" + std::to_string(target.port);
  request.port = target.port;
  request.path = target.path;
  request.tls = target.tls;
  request.trust = target.trust;
  request.server_name = target.host;
  request.interrupt_descriptor = interrupt_descriptor;
  TRY_ASSIGN(WebSocket socket, WebSocket::connect(std::move(request), deadline_steady_ms));
  return GatewayClient(std::move(socket));
}

Result<Answer> GatewayClient::connect(const Target& target, const Identity& identity, std::int64_t deadline_steady_ms) {
  TRY_ASSIGN(const Frame challenge, next_frame(deadline_steady_ms));
  if (challenge.kind != Frame::Kind::event || challenge.json["event"].text() != "connect.challenge")
    return fail(ErrorCode::unreachable, "the server at " + target.url + " is not an OmeniaClaw gateway");
  TRY_ASSIGN(Answer answer, call("connect", connect_params(target, identity), deadline_steady_ms));
  if (answer.ok && answer.payload["type"].text() != "hello-ok")
    return fail(ErrorCode::unreachable, "the gateway answered connect with something else than hello-ok");
  return answer;
}

Result<Answer> GatewayClient::call(std::string_view method, std::string_view params, std::int64_t deadline_steady_ms) {
  const std::string id = start(method, params);
  TRY_ASSIGN(std::optional<Answer> answer, next_response(id, deadline_steady_ms));
  if (!answer) return fail(ErrorCode::unreachable, "interrupted");
  return std::move(*answer);
}

std::string GatewayClient::start(std::string_view method, std::string_view params) {
  return send_request(method, params);
}

Result<std::optional<Answer>> GatewayClient::next_response(const std::string& id, std::int64_t deadline_steady_ms) {
  while (true) {
    TRY_ASSIGN(const Frame frame, next_frame(deadline_steady_ms));
    if (frame.kind == Frame::Kind::interrupted) return std::optional<Answer>();
    if (frame.kind == Frame::Kind::response && frame.json["id"].text() == id)
      return std::optional<Answer>(answer_of(frame.json));
  }
}

Result<bool> GatewayClient::idle(std::int64_t deadline_steady_ms) {
  while (true) {
    switch (socket_.wait(deadline_steady_ms)) {
      case WebSocket::Wake::deadline: return true;
      case WebSocket::Wake::interrupted: return false;
      case WebSocket::Wake::closed: return closed(socket_);
      case WebSocket::Wake::message: break;
    }
    TRY(next_frame(deadline_steady_ms));
  }
}

Result<GatewayClient::Frame> GatewayClient::next_frame(std::int64_t deadline_steady_ms) {
  while (true) {
    switch (socket_.wait(deadline_steady_ms)) {
      case WebSocket::Wake::deadline: return late();
      case WebSocket::Wake::interrupted: return Frame{Frame::Kind::interrupted, Json()};
      case WebSocket::Wake::closed: return closed(socket_);
      case WebSocket::Wake::message: break;
    }
    Result<Json> json = Json::parse(socket_.take());
    if (!json.ok()) return fail(ErrorCode::unreachable, "the server sent something that is not JSON");
    const bool is_event = json.value()["type"].text() == "event";
    if (is_event) take_event(json.value());
    return Frame{is_event ? Frame::Kind::event : Frame::Kind::response, std::move(json).value()};
  }
}

void GatewayClient::take_event(JsonView event) {
  note_sequence(event);
  if (event["event"].text() == "shutdown") restarting_ = true;
  if (on_event) on_event(event["event"].text(), event["payload"]);
}

// Events are not replayed. After a gap the state they would have told is asked for once, then everything goes on.
void GatewayClient::note_sequence(JsonView event) {
  if (!event["seq"].is_integer()) return;
  const std::int64_t sequence = event["seq"].integer();
  if (sequence_ > 0 && sequence > sequence_ + 1) {
    send_request("health", "");
    send_request("system-presence", "");
  }
  sequence_ = sequence;
}

std::string GatewayClient::send_request(std::string_view method, std::string_view params) {
  std::string id = "cli-" + std::to_string(++requests_);
  JsonWriter writer;
  writer.begin_object().member("type", "req").member("id", id).member("method", method);
  if (!params.empty()) writer.raw_member("params", params);
  socket_.send(writer.end_object().take());
  return id;
}

}  // namespace omenia::cli
