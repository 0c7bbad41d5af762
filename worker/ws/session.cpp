#include "worker/ws/session.h"

#include "shared/base/clock.h"
#include "shared/base/ensure.h"
#include "shared/base/ids.h"
#include "shared/json/shape.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/frames.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/router.h"
#include "worker/ws/hello.h"
#include "worker/ws/refusals.h"

namespace omenia::ws {

namespace {

constexpr int close_normal = 1000;
constexpr int close_policy = 1008;

std::string challenge_frame(const std::string& nonce) {
  JsonWriter writer;
  writer.begin_object().member("type", "event").member("event", omenia::row_of(Event::connect_challenge).name);
  writer.key("payload").begin_object().member("nonce", nonce).member("ts", wall_ms());
  writer.key("capabilities").begin_array().end_array().end_object().end_object();
  return writer.take();
}

// A good answer fits its row. Only builds that look for our own mistakes check that.
void check_answer(const rpc::MethodRow& method, const Result<rpc::Answer>& answer) {
  constexpr bool wanted = OMENIA_CHECK_ANSWERS;
  if (!wanted || !answer.ok() || answer.value().error) return;
  const auto payload = Json::parse(answer.value().payload);
  const std::string problems = payload.ok() ? rpc::problems_of(payload.value(), method.result) : "it is no JSON";
  ensure(problems.empty(), ("an answer of " + std::string(method.name) + " fits its row: " + problems).c_str());
}

}  // namespace

Session::Session(worker::Context& context, PeerFacts peer)
    : context_(context),
      peer_(std::move(peer)),
      id_(random_uuid()),
      nonce_(random_uuid()),
      deadline_(context.loop, [this] { end(close_normal, ""); }) {
  context_.hub.count_pending(peer_.address, 1);
}

Session::~Session() {
  leave_waiting_room();
}

void Session::leave_waiting_room() {
  if (std::exchange(waiting_, false)) context_.hub.count_pending(peer_.address, -1);
}

void Session::opened(net::WebSocket& socket) {
  socket_ = &socket;
  socket.set_message_bytes_max(limits::frame_bytes_before_connect_max);
  socket.send(challenge_frame(nonce_));
  deadline_.start(context_.handshake_ms_max);
}

void Session::closed() {
  socket_ = nullptr;
  deadline_.stop();
  context_.hub.remove(*this);
  if (phase_ != Phase::challenged && !client_.id.empty()) context_.presence.leave(id_);
  if (is_node() && !context_.nodes.leave(id_).empty()) tell_node_presence(false);
  if (events_left_out_ > 0)
    context_.log.logger("gateway/ws")
        .info(client_.id + " from " + peer_.address + " read too slowly: " + std::to_string(events_left_out_) +
              " events were left out");
  phase_ = Phase::ending;
}

void Session::received(std::string_view message, bool) {
  if (phase_ == Phase::challenged) return first_frame(message);
  if (phase_ == Phase::connected) return request_frame(message);
  if (phase_ != Phase::connecting) return;
  if (early_frames_.size() >= limits::frames_while_connecting_max)
    return end(close_policy, "too many pending handshake frames");
  early_frames_.emplace_back(message);
}

void Session::end(int code, std::string_view reason) {
  phase_ = Phase::ending;
  context_.hub.remove(*this);
  if (socket_) socket_->close(code, reason);
}

void Session::first_frame(std::string_view message) {
  const Result<Json> parsed = Json::parse(message);
  if (!parsed.ok()) return end(close_normal, "");
  const JsonView frame = parsed.value();
  if (!rpc::request_problems(frame).empty()) return end(close_policy, "invalid request frame");
  const std::string request_id(frame["id"].text());
  if (frame["method"].text() == "connect") return connect(request_id, frame["params"]);
  Refusal refusal;
  refusal.close_reason = "invalid handshake: first request must be connect";
  refusal.error = fail(ErrorCode::invalid_request, refusal.close_reason);
  refuse(request_id, std::move(refusal));
}

void Session::connect(std::string request_id, JsonView params) {
  const Json empty = Json::object();
  Result<ConnectRequest> request = ConnectRequest::read(params ? params : empty.view());
  if (!request.ok()) {
    Refusal refusal;
    refusal.close_reason = request.error().message;
    refusal.error = std::move(request).error();
    return refuse(std::move(request_id), std::move(refusal));
  }
  phase_ = Phase::connecting;
  calls_.spawn(shake_hands(std::move(request_id), std::make_shared<const ConnectRequest>(std::move(request).value())));
}

Task<void> Session::shake_hands(std::string request_id, std::shared_ptr<const ConnectRequest> request) {
  Handshake handshake{request, peer_, nonce_};
  auto settling = settle(&context_, std::move(handshake));
  Decision decision = co_await std::move(settling);
  if (phase_ != Phase::connecting) co_return;  // It took too long, or the client has gone.
  if (context_.leaving) decision = refuse_while_leaving();
  if (auto* grant = std::get_if<Grant>(&decision)) {
    welcome(request_id, *request, std::move(*grant));
    co_return;
  }
  const Refusal& refusal = std::get<Refusal>(decision);
  context_.log.logger("gateway/ws")
      .info("refused " + request->client.id + " from " + peer_.address + ": " + refusal.error.message);
  refuse(std::move(request_id), refusal);
}

void Session::refuse(std::string request_id, Refusal refusal) {
  phase_ = Phase::ending;
  deadline_.stop();
  const std::int64_t delay_ms = refusal.delay_ms;
  auto close = [this, request_id = std::move(request_id), refusal = std::move(refusal)] {
    if (!socket_) return;
    if (refusal.answered) socket_->send(rpc::response_frame(request_id, refusal.error));
    socket_->close(refusal.close_code, refusal.close_reason);
  };
  if (delay_ms == 0) return close();
  calls_.spawn([](Loop* loop, std::int64_t wait_ms, std::function<void()> then) -> Task<void> {
    Sleep pause(*loop, wait_ms, {});
    co_await pause;
    then();
  }(&context_.loop, delay_ms, close));
}

void Session::welcome(std::string_view request_id, const ConnectRequest& request, Grant grant) {
  deadline_.stop();
  leave_waiting_room();
  phase_ = Phase::connected;
  client_ = request.client;
  client_.device_id = grant.device_id;
  client_.role = auth::name_of(grant.role);
  grant_ = std::move(grant);
  if (is_node()) join_nodes();
  socket_->set_message_bytes_max(limits::frame_bytes_max);
  const bool tracked = context_.presence.join(id_, client_, grant_.scopes);
  respond(request_id, rpc::Answer{hello_payload(context_, *this)});
  grant_.admission.reset();
  grant_.admitted.reset();
  context_.hub.add(*this);
  if (tracked) context_.presence.announce();
  context_.log.logger("gateway/ws").debug("connected " + client_.id + "/" + client_.mode + " from " + peer_.address);
  for (const std::string& frame : std::exchange(early_frames_, {})) received(frame, false);
}

void Session::join_nodes() {
  const state::PairingRequestRow& wish = grant_.admission->wish;
  const devices::Admitted& admitted = *grant_.admitted;
  context_.nodes.join({.node_id = grant_.device_id,
                       .connection_id = id_,
                       .display_name = client_.display_name,
                       .platform = client_.platform,
                       .version = client_.version,
                       .device_family = client_.device_family,
                       .client_id = client_.id,
                       .client_mode = client_.mode,
                       .caps = wish.caps,
                       .commands = wish.commands,
                       .approved_caps = admitted.caps,
                       .approved_commands = admitted.commands,
                       .approved = admitted.approved,
                       .connected_ms = wall_ms()});
  tell_node_presence(true);
}

void Session::tell_node_presence(bool connected) {
  JsonWriter payload;
  payload.begin_object().member("nodeId", grant_.device_id).member("connected", connected).member("ts", wall_ms());
  context_.hub.broadcast(Event::node_presence, payload.end_object().text());
}

// After connect a bad frame never closes the socket.
void Session::request_frame(std::string_view message) {
  const Result<Json> parsed = Json::parse(message);
  if (!parsed.ok()) {
    context_.log.logger("gateway/ws").info("ignored a frame of " + client_.id + ": " + parsed.error().message);
    return;
  }
  const JsonView frame = parsed.value();
  const std::string request_id(frame["id"].text().empty() ? "invalid" : frame["id"].text());
  if (const std::string problems = rpc::request_problems(frame); !problems.empty())
    return respond(request_id, fail(ErrorCode::invalid_request, "invalid request frame: " + problems));
  dispatch(request_id, frame);
}

void Session::dispatch(std::string request_id, JsonView frame) {
  if (calls_.size() >= limits::calls_waiting_max)
    return respond(request_id, fail(ErrorCode::unavailable, "The server is busy. Please try again in a moment."));
  const std::string_view method = frame["method"].text();
  Json params = frame["params"] && !frame["params"].is_null() ? Json::copy(frame["params"]) : Json::object();
  wrong_role_calls_ = rpc::is_for_role(grant_.role, method) ? 0 : wrong_role_calls_ + 1;
  const auto row = rpc::authorize(grant_.role, grant_.scopes, method, params);
  if (!row.ok()) {
    context_.metrics.refused_calls.add();
    respond(request_id, row.error());
    if (wrong_role_calls_ > limits::wrong_role_calls_max) end(close_policy, "repeated unauthorized calls");
    return;
  }
  calls_.spawn(answer(std::make_shared<const rpc::Call>(
      rpc::Call{context_, *this, std::move(request_id), row.value(), std::move(params)})));
}

Task<void> Session::answer(rpc::CallPointer call) {
  const std::int64_t begun_ms = steady_ms();
  auto handling = rpc::handle(call);
  const Result<rpc::Answer> result = co_await std::move(handling);
  check_answer(*call->method, result);
  respond(call->id, result);
  const Logger log = context_.log.logger("gateway/ws");
  if (log.enabled(LogLevel::debug))
    log.debug("res " + std::string(result.ok() ? "ok " : "error ") + std::string(call->method->name) + " " +
              std::to_string(steady_ms() - begun_ms) + "ms id=" + call->id);
}

void Session::respond(std::string_view request_id, const Result<rpc::Answer>& answer) {
  if (!socket_) return;
  if (socket_->send(rpc::response_frame(request_id, answer)) == net::SendResult::dropped) end_slow_reader();
}

void Session::send_event(const std::shared_ptr<const std::string>& head, SlowReader slow_reader) {
  if (!socket_ || phase_ != Phase::connected) return;
  ++event_seq_;  // Also for an event that is left out: the gap tells the client.
  deliver({head, ",\"seq\":" + std::to_string(event_seq_) + "}"}, slow_reader);
}

bool Session::send_direct(std::string frame, SlowReader slow_reader) {
  if (!socket_ || phase_ != Phase::connected) return false;
  return deliver({std::make_shared<const std::string>(std::move(frame)), {}}, slow_reader);
}

// What may be left out is, and counted; anything else that the client does not take ends its connection.
bool Session::deliver(net::OutgoingText text, SlowReader slow_reader) {
  if (socket_->send(std::move(text)) == net::SendResult::queued) return true;
  if (slow_reader == SlowReader::keep) {
    end_slow_reader();
    return false;
  }
  ++events_left_out_;
  context_.hub.count_left_out();
  return false;
}

void Session::end_slow_reader() {
  if (phase_ == Phase::ending) return;
  phase_ = Phase::ending;
  context_.hub.remove(*this);
  context_.log.logger("gateway/ws")
      .warn("closed " + client_.id + " from " + peer_.address + ": it does not read what is sent to it (" +
            std::to_string(socket_->buffered_bytes()) + " bytes wait)");
  context_.stability.record(worker::stability_slow_reader, [this](JsonWriter& writer) {
    writer.member("surface", "websocket").member("action", "closed").member("reason", "slow consumer");
    writer.member("source", client_.id).member("bytes", socket_->buffered_bytes());
    writer.member("limitBytes", context_.web_sockets->options().outbox_bytes_max);
  });
  socket_->abandon(close_policy, "slow consumer");
}

}  // namespace omenia::ws
