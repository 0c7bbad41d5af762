#pragma once
// Call: one request of a client on its way to a handler, and what the handler may use to answer it.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/task.h"
#include "shared/json/json.h"
#include "worker/auth/role.h"
#include "worker/auth/scopes.h"

namespace omenia::worker {
struct Context;
}

namespace omenia::rpc {

// What a client said of itself in connect. Only shown, never trusted.
struct ClientInfo {
  std::string id;
  std::string mode;
  std::string version;
  std::string platform;
  std::string display_name;
  std::string device_family;
  std::string model_identifier;
  std::string instance_id;
  std::string time_zone;
  std::string device_id;          // Proven by its signature; empty without one.
  std::string role = "operator";  // As it was granted.
  std::vector<std::string> caps;

  bool has_cap(std::string_view cap) const;
};

// Which events of sessions a connection wants.
struct Subscriptions {
  bool sessions = false;           // sessions.changed and every session.message.
  std::set<std::string> messages;  // session.message of these keys.
};

// A handler's final answer. A failed run has both: a payload that says what became of it, and the error.
struct Answer {
  std::string payload;  // JSON text.
  std::optional<Error> error{};
};

// The other end of a call, as handlers see it.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual const std::string& id() const = 0;
  virtual const ClientInfo& client() const = 0;
  virtual const std::string& address() const = 0;  // Of the peer.
  virtual auth::Role role() const = 0;
  virtual const auth::ScopeSet& scopes() const = 0;
  virtual Subscriptions& subscriptions() = 0;
  virtual void respond(std::string_view request_id, const Result<Answer>& answer) = 0;
};

struct MethodRow;

struct Call {
  worker::Context& context;
  Connection& connection;  // Outlives the call: its connection ends the calls it has under way.
  std::string id;          // Chosen by the client.
  const MethodRow* method = nullptr;
  Json params;  // An object, checked against the method's shape.

  // A first response, before the one that the handler returns.
  void acknowledge(std::string payload) const { connection.respond(id, Answer{std::move(payload)}); }
};

using CallPointer = std::shared_ptr<const Call>;
using AnswerTask = Task<Result<Answer>>;
using Handler = AnswerTask (*)(CallPointer call);

}  // namespace omenia::rpc
