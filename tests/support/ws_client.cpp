#include "tests/support/ws_client.h"

#include <cstdlib>

#include "shared/json/writer.h"
#include "tests/support/note.h"

namespace omenia::test {

namespace {

// Key and accept value of RFC 6455, section 1.3.
constexpr std::string_view sample_key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view sample_accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

WsClose read_close(const std::string& payload) {
  if (payload.size() < 2) return {1005};
  const int code = static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
  return {code, payload.substr(2)};
}

}  // namespace

std::string Identity::params() const {
  JsonWriter writer;
  writer.begin_object().member("minProtocol", protocol_min).member("maxProtocol", protocol_max);
  writer.key("client").begin_object().member("id", id).member("version", "1.0.0").member("platform", platform);
  writer.member("mode", mode).end_object();
  writer.member("role", role).raw_member("scopes", scopes).raw_member("caps", caps);
  writer.key("auth").begin_object();
  if (!token.empty()) writer.member("token", token);
  if (!password.empty()) writer.member("password", password);
  if (!device_token.empty()) writer.member("deviceToken", device_token);
  if (!bootstrap_token.empty()) writer.member("bootstrapToken", bootstrap_token);
  writer.end_object();
  writer.end_object();
  std::string text = writer.take();
  text.insert(text.size() - 1, more);
  return text;
}

WsClient::WsClient(int port, const std::string& path, const std::string& headers) : socket_(port) {
  upgrade(port, path, headers);
}

WsClient::WsClient(int port, const TlsWish& wish, const std::string& headers) : socket_(port, wish) {
  upgrade(port, "/", headers);
}

void WsClient::upgrade(int port, const std::string& path, const std::string& headers) {
  const bool has_host = ("\r\n" + headers).find("\r\nHost:") != std::string::npos;
  const std::string host = has_host ? "" : "\r\nHost: 127.0.0.1:" + std::to_string(port);
  socket_.send("GET " + path + " HTTP/1.1" + host +
               "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
               std::string(sample_key) + "\r\n" + headers + "\r\n");
  const Deadline deadline;
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (socket_.receive(received_, deadline) != Received::data) {
      close_.code = 1006;
      return;
    }
  }
  upgrade_head_ = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  upgrade_status_ = std::atoi(upgrade_head_.c_str() + std::string_view("HTTP/1.1 ").size());
  if (upgrade_status_ == 101 && upgrade_head_.find(sample_accept) == std::string::npos) {
    note("the server's Sec-WebSocket-Accept is wrong");
    upgrade_status_ = 0;
  }
}

bool WsClient::read_frame(const Deadline& deadline) {
  for (;;) {
    auto frame = take_frame(received_);
    if (!frame) {
      const Received outcome = has_ended() ? Received::end : socket_.receive(received_, deadline);
      if (outcome == Received::end && !has_ended()) close_.code = 1006;
      if (outcome != Received::data) return false;
      continue;
    }
    switch (frame->opcode) {
      case Opcode::close:
        close_ = read_close(frame->payload);
        send(WsFrame{Opcode::close, frame->payload.substr(0, 2)});
        return false;
      case Opcode::ping:
        ++pings_;
        if (answers_pings_) send(WsFrame{Opcode::pong, frame->payload});
        return true;
      case Opcode::pong: pongs_.push_back(frame->payload); return true;
      default: {
        auto parsed = Json::parse(frame->payload);
        if (!parsed.ok()) note("the server sent a frame that is no JSON: " + frame->payload.substr(0, 200));
        inbox_.push_back(parsed.ok() ? std::move(parsed).value() : Json::null());
        return true;
      }
    }
  }
}

std::string WsClient::send_request(std::string_view method, std::string_view params) {
  const std::string id = "r" + std::to_string(next_id_++);
  JsonWriter writer;
  writer.begin_object().member("type", "req").member("id", id).member("method", method);
  writer.raw_member("params", params).end_object();
  send(writer.text());
  return id;
}

Json WsClient::find(const Matches& matches) {
  const Deadline deadline;
  std::size_t seen = 0;
  for (;;) {
    for (; seen < inbox_.size(); ++seen) {
      if (!matches(inbox_[seen])) continue;
      Json found = std::move(inbox_[seen]);
      inbox_.erase(inbox_.begin() + static_cast<std::ptrdiff_t>(seen));
      return found;
    }
    if (read_frame(deadline)) continue;
    note("a frame did not come; close code " + std::to_string(close_.code) + " " + close_.reason);
    return {};
  }
}

std::vector<Json> WsClient::until(const Matches& matches) {
  std::vector<Json> frames;
  while (frames.empty() || !matches(frames.back())) {
    Json frame = next();
    if (!frame) break;
    frames.push_back(std::move(frame));
  }
  return frames;
}

Json WsClient::next() {
  return find([](JsonView) { return true; });
}

Json WsClient::event(std::string_view name) {
  return find([name](JsonView frame) { return is_event(frame, name); });
}

Json WsClient::answer(std::string_view id) {
  return find([id](JsonView frame) { return frame["type"].text() == "res" && frame["id"].text() == id; });
}

Json WsClient::call(std::string_view method, std::string_view params) {
  return answer(send_request(method, params));
}

Json WsClient::connect(const Identity& identity) {
  event("connect.challenge");
  return call("connect", identity.params());
}

Json WsClient::connect(const Identity& identity, const Device& device) {
  const Json challenge = event("connect.challenge");
  const std::string& first = !identity.token.empty()          ? identity.token
                             : !identity.device_token.empty() ? identity.device_token
                                                              : identity.bootstrap_token;
  std::string scopes;
  const auto list = Json::parse(identity.scopes);
  for (JsonView item = list.value().view().first(); item; item = item.next())
    scopes.append(scopes.empty() ? "" : ",").append(item.text());
  Identity with_device = identity;
  with_device.more += device.member({.client_id = identity.id,
                                     .client_mode = identity.mode,
                                     .role = identity.role,
                                     .scopes = scopes,
                                     .token = first,
                                     .platform = identity.platform,
                                     .nonce = std::string(challenge["payload"]["nonce"].text()),
                                     .signed_at_ms = challenge["payload"]["ts"].integer()});
  return call("connect", with_device.params());
}

WsClose WsClient::closing() {
  const Deadline deadline;
  while (read_frame(deadline)) continue;
  return close_;
}

std::string WsClient::pong() {
  const Deadline deadline;
  while (pongs_.empty() && read_frame(deadline)) continue;
  if (pongs_.empty()) return {};
  std::string payload = pongs_.front();
  pongs_.erase(pongs_.begin());
  return payload;
}

bool WsClient::pinged(int times) {
  const Deadline deadline;
  while (pings_ < times && read_frame(deadline)) continue;
  return pings_ >= times;
}

bool WsClient::nothing_within(int wait_ms) {
  const Deadline deadline(wait_ms);
  while (inbox_.empty() && read_frame(deadline)) continue;
  return inbox_.empty() && !has_ended();
}

bool is_event(JsonView frame, std::string_view name) {
  return frame["type"].text() == "event" && frame["event"].text() == name;
}

WsClient connected(int port, const Identity& identity) {
  return connected(WsClient(port), identity);
}

WsClient connected(WsClient client, const Identity& identity) {
  const Json hello = client.connect(identity);
  if (!hello["ok"].boolean()) note("connect failed: " + hello.dump());
  return client;
}

}  // namespace omenia::test
