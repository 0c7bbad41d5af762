#pragma once
// ScriptedGateway: a WebSocket server on loopback that says what a test tells it to say. It sends the challenge by
// itself; every frame it receives is given to the script.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "shared/json/json.h"

namespace omenia::cli {

struct ScriptedReply {
  std::vector<std::string> frames;  // Sent in this order.
  int close_code = 0;               // Then the connection is closed, when not 0.
  std::string close_reason = {};
};

class ScriptedGateway {
 public:
  using Script = std::function<ScriptedReply(JsonView request)>;

  explicit ScriptedGateway(Script script, bool sends_challenge = true);
  ~ScriptedGateway();
  ScriptedGateway(const ScriptedGateway&) = delete;
  ScriptedGateway& operator=(const ScriptedGateway&) = delete;

  int port() const;
  std::vector<std::string> received_methods() const;  // In order, of all connections.

 private:
  struct Server;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

// A response frame to `request`.
std::string response(JsonView request, const std::string& payload);
std::string refusal(JsonView request, const std::string& error);
std::string event(const std::string& name, int sequence, const std::string& payload);

// Answers connect with hello-ok that grants what was asked for.
std::string hello(JsonView request);

}  // namespace omenia::cli
