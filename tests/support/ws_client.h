#pragma once
// WsClient: a WebSocket client of the gateway protocol that does one thing at a time. Frames are kept in the order in
// which they came, so that a test can ask for the answer to its request and still see which events came before it.

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/json/json.h"
#include "tests/support/device.h"
#include "tests/support/socket.h"
#include "tests/support/ws_frame.h"

namespace omenia::test {

// What a client says about itself in `connect`. The defaults are the loopback backend with every scope.
struct Identity {
  std::string token{};
  std::string password{};
  std::string id = "gateway-client";
  std::string mode = "backend";
  std::string role = "operator";
  std::string scopes = R"(["operator.read","operator.write","operator.admin","operator.approvals","operator.pairing"])";
  std::string caps = "[]";
  int protocol_min = 4;
  int protocol_max = 4;
  std::string device_token{};
  std::string bootstrap_token{};
  std::string platform = "linux";
  std::string more{};  // Further members of the params, as JSON text that starts with a comma.

  std::string params() const;
};

struct WsClose {
  int code = 0;  // 1005: a close frame without a code; 1006: the connection ended without one; 0: still open.
  std::string reason{};
};

class WsClient {
 public:
  using Matches = std::function<bool(JsonView frame)>;

  // `headers` are lines that end with CRLF; a Host among them takes the place of the address.
  explicit WsClient(int port, const std::string& path = "/", const std::string& headers = {});
  WsClient(int port, const TlsWish& wish, const std::string& headers = {});

  int upgrade_status() const { return upgrade_status_; }  // 101 when the socket is a WebSocket.
  const std::string& upgrade_head() const { return upgrade_head_; }

  void send(std::string_view text) { send(WsFrame{Opcode::text, std::string(text)}); }
  void send(const WsFrame& frame) { socket_.send(encode(frame)); }
  std::string send_request(std::string_view method, std::string_view params = "{}");  // The request's id.

  // Each waits for a frame that fits and takes it out; the others stay for later. Nothing when none comes in time.
  Json next();  // The oldest frame.
  Json find(const Matches& matches);
  Json event(std::string_view name);
  Json answer(std::string_view id);
  Json call(std::string_view method, std::string_view params = "{}");
  // Everything from the oldest frame to the first that fits, in order.
  std::vector<Json> until(const Matches& matches);

  Json connect(const Identity& identity);  // Waits for the challenge; the answer to `connect`.
  // The same with a device that signs the challenge.
  Json connect(const Identity& identity, const Device& device);
  WsClose closing();                 // Waits for the end; frames that come before it are kept.
  std::string pong();                // Waits for a pong, answers its payload.
  bool nothing_within(int wait_ms);  // True when no frame came in this time.
  void leave_pings_unanswered() { answers_pings_ = false; }
  bool pinged(int times);  // Waits until the server has sent so many pings.
  Socket& socket() { return socket_; }

 private:
  void upgrade(int port, const std::string& path, const std::string& headers);
  bool read_frame(const Deadline& deadline);  // Moves one frame into the inbox, or learns of the end.
  bool has_ended() const { return close_.code != 0; }

  Socket socket_;
  int upgrade_status_ = 0;
  std::string upgrade_head_;
  std::string received_;
  std::deque<Json> inbox_;
  std::vector<std::string> pongs_;
  WsClose close_;
  int next_id_ = 1;
  int pings_ = 0;
  bool answers_pings_ = true;
};

bool is_event(JsonView frame, std::string_view name);

// A client that is connected: what most tests start with.
WsClient connected(int port, const Identity& identity);
WsClient connected(WsClient client, const Identity& identity);

}  // namespace omenia::test
