// Serves in a thread of its own; the script runs there too.

#include "tests/unit/cli/scripted_gateway.h"

#include <libwebsockets.h>

#include <array>
#include <csignal>
#include <deque>
#include <mutex>

#include "shared/json/writer.h"

namespace omenia::cli {

struct ScriptedGateway::Server {
  Script script;
  bool sends_challenge = true;
  std::atomic<bool> stopping{false};
  mutable std::mutex mutex;
  std::vector<std::string> methods;
  std::string partial;
  std::deque<std::string> unsent;
  int close_code = 0;
  std::string close_reason;
  lws_context* context = nullptr;
  lws_vhost* vhost = nullptr;

  void receive(lws* socket, const std::string& text);
  int write(lws* socket);
  static int callback(lws* socket, lws_callback_reasons reason, void*, void* in, std::size_t length);
};

void ScriptedGateway::Server::receive(lws* socket, const std::string& text) {
  const auto request = Json::parse(text);
  if (!request.ok()) return;
  {
    const std::lock_guard lock(mutex);
    methods.emplace_back(request.value()["method"].text());
  }
  ScriptedReply reply = script(request.value());
  for (std::string& frame : reply.frames) unsent.push_back(std::move(frame));
  close_code = reply.close_code;
  close_reason = reply.close_reason;
  lws_callback_on_writable(socket);
}

int ScriptedGateway::Server::write(lws* socket) {
  if (!unsent.empty()) {
    std::string frame(LWS_PRE, '\0');
    frame += unsent.front();
    unsent.pop_front();
    auto* bytes = reinterpret_cast<unsigned char*>(frame.data()) + LWS_PRE;
    if (lws_write(socket, bytes, frame.size() - LWS_PRE, LWS_WRITE_TEXT) < 0) return -1;
    lws_callback_on_writable(socket);
    return 0;
  }
  if (close_code == 0) return 0;
  auto* reason = reinterpret_cast<unsigned char*>(close_reason.data());
  lws_close_reason(socket, static_cast<lws_close_status>(close_code), reason, close_reason.size());
  close_code = 0;
  return -1;
}

int ScriptedGateway::Server::callback(lws* socket, lws_callback_reasons reason, void*, void* in, std::size_t length) {
  auto* server = static_cast<Server*>(lws_context_user(lws_get_context(socket)));
  switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
      server->unsent.clear();
      server->partial.clear();
      if (server->sends_challenge)
        server->unsent.emplace_back(R"({"type":"event","event":"connect.challenge","payload":{"nonce":"n","ts":1}})");
      lws_callback_on_writable(socket);
      return 0;
    case LWS_CALLBACK_RECEIVE:
      server->partial.append(static_cast<const char*>(in), length);
      if (lws_is_final_fragment(socket) == 0 || lws_remaining_packet_payload(socket) > 0) return 0;
      server->receive(socket, std::exchange(server->partial, std::string()));
      return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE: return server->write(socket);
    default: return 0;
  }
}

namespace {

using Callback = int (*)(lws*, lws_callback_reasons, void*, void*, std::size_t);

const lws_protocols* protocols_of(Callback callback) {
  static const std::array<lws_protocols, 2> protocols = {lws_protocols{"scripted", callback, 0, 4096, 0, nullptr, 0},
                                                         lws_protocols{}};
  return protocols.data();
}

}  // namespace

ScriptedGateway::ScriptedGateway(Script script, bool sends_challenge) : server_(std::make_unique<Server>()) {
  server_->script = std::move(script);
  server_->sends_challenge = sends_challenge;
  lws_set_log_level(0, nullptr);
  lws_context_creation_info info{};
  info.iface = "127.0.0.1";
  info.protocols = protocols_of(&Server::callback);
  info.options =
      LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS | LWS_SERVER_OPTION_DISABLE_IPV6;
  info.user = server_.get();
  server_->context = lws_create_context(&info);
  server_->vhost = lws_create_vhost(server_->context, &info);
  thread_ = std::thread([server = server_.get()] {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // Signals are for the command under test.
    while (!server->stopping) lws_service(server->context, 0);
  });
}

ScriptedGateway::~ScriptedGateway() {
  server_->stopping = true;
  lws_cancel_service(server_->context);
  thread_.join();
  lws_context_destroy(server_->context);
}

int ScriptedGateway::port() const {
  return lws_get_vhost_listen_port(server_->vhost);
}

std::vector<std::string> ScriptedGateway::received_methods() const {
  const std::lock_guard lock(server_->mutex);
  return server_->methods;
}

std::string response(JsonView request, const std::string& payload) {
  JsonWriter writer;
  writer.begin_object().member("type", "res").member("id", request["id"].text()).member("ok", true);
  return writer.raw_member("payload", payload).end_object().take();
}

std::string refusal(JsonView request, const std::string& error) {
  JsonWriter writer;
  writer.begin_object().member("type", "res").member("id", request["id"].text()).member("ok", false);
  return writer.raw_member("error", error).end_object().take();
}

std::string event(const std::string& name, int sequence, const std::string& payload) {
  JsonWriter writer;
  writer.begin_object().member("type", "event").member("event", name).raw_member("payload", payload);
  return writer.member("seq", sequence).end_object().take();
}

std::string hello(JsonView request) {
  JsonWriter writer;
  writer.begin_object().member("type", "hello-ok").member("protocol", 4);
  writer.key("server").begin_object().member("version", "0.1.0").member("connId", "c1").end_object();
  writer.key("auth").begin_object().member("role", "operator").member("scopes", request["params"]["scopes"]);
  return response(request, writer.end_object().end_object().text());
}

}  // namespace omenia::cli
