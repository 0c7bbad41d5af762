#pragma once
// Session: one WebSocket connection of the control protocol, from its challenge to its close.

#include <memory>
#include <string>

#include "shared/base/task.h"
#include "shared/loop/loop.h"
#include "shared/protocol/events.h"
#include "worker/net/web_socket.h"
#include "worker/rpc/call.h"
#include "worker/ws/connect.h"
#include "worker/ws/handshake.h"
#include "worker/ws/peer_facts.h"

namespace omenia::ws {

class Session final : public net::WebSocketOwner, public rpc::Connection {
 public:
  Session(worker::Context& context, PeerFacts peer);
  ~Session() override;

  // net::WebSocketOwner
  void opened(net::WebSocket& socket) override;
  void received(std::string_view message, bool binary) override;
  void closed() override;

  // rpc::Connection
  const std::string& id() const override { return id_; }
  const rpc::ClientInfo& client() const override { return client_; }
  const std::string& address() const override { return peer_.address; }
  auth::Role role() const override { return grant_.role; }
  const auth::ScopeSet& scopes() const override { return grant_.scopes; }
  rpc::Subscriptions& subscriptions() override { return subscriptions_; }
  const rpc::Subscriptions& subscriptions() const { return subscriptions_; }
  void respond(std::string_view request_id, const Result<rpc::Answer>& answer) override;

  const Grant& grant() const { return grant_; }
  bool is_node() const { return grant_.role == auth::Role::node; }
  const PeerFacts& peer() const { return peer_; }

  // `head` is a frame without its number and closing brace.
  void send_event(const std::shared_ptr<const std::string>& head, SlowReader slow_reader);
  bool is_blocked() const { return socket_ && socket_->is_blocked(); }  // Takes nothing at the moment.
  bool send_direct(std::string frame, SlowReader slow_reader);          // False when the connection takes no more.
  void end(int code, std::string_view reason);

 private:
  enum class Phase { challenged, connecting, connected, ending };

  void first_frame(std::string_view message);
  void connect(std::string request_id, JsonView params);
  Task<void> shake_hands(std::string request_id, std::shared_ptr<const ConnectRequest> request);
  void refuse(std::string request_id, Refusal refusal);
  void welcome(std::string_view request_id, const ConnectRequest& request, Grant grant);
  void join_nodes();
  void tell_node_presence(bool connected);
  void request_frame(std::string_view message);
  void dispatch(std::string request_id, JsonView frame);
  Task<void> answer(rpc::CallPointer call);
  void leave_waiting_room();
  bool deliver(net::OutgoingText text, SlowReader slow_reader);
  void end_slow_reader();

  worker::Context& context_;
  PeerFacts peer_;
  std::string id_;
  std::string nonce_;
  net::WebSocket* socket_ = nullptr;  // Between opened and closed.
  Phase phase_ = Phase::challenged;
  bool waiting_ = true;                    // Counted among the sockets that have not finished connect.
  std::vector<std::string> early_frames_;  // What came while the connect was decided.
  rpc::ClientInfo client_;
  Grant grant_;
  rpc::Subscriptions subscriptions_;
  std::int64_t event_seq_ = 0;
  std::int64_t events_left_out_ = 0;  // Because it read too slowly.
  int wrong_role_calls_ = 0;          // In a row.
  Timer deadline_;
  TaskScope calls_;  // Last: its calls use what stands above.
};

}  // namespace omenia::ws
