#pragma once
// ConnectedNodes: the nodes that are connected now, with what they offer, and the commands that were sent to them and
// are not answered yet.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/pending.h"
#include "shared/base/result.h"
#include "shared/json/json.h"

namespace omenia::devices {

struct ConnectedNode {
  std::string node_id;
  std::string connection_id;
  std::string display_name{};
  std::string platform{};
  std::string version{};
  std::string device_family{};
  std::string client_id{};
  std::string client_mode{};
  std::vector<std::string> caps{};           // What it offers,
  std::vector<std::string> commands{};       // as far as it may be offered at all;
  std::vector<std::string> approved_caps{};  // and of that, what the operator has approved.
  std::vector<std::string> approved_commands{};
  bool approved = false;  // The operator has approved something of this node, be it nothing to call.
  std::int64_t connected_ms = 0;
};

// What a node answered to a command.
struct NodeAnswer {
  bool ok = false;
  std::string payload{};       // JSON text; empty: none.
  std::string payload_json{};  // As the node sent it, JSON within a text; empty: none.
  std::string error_code{};
  std::string error_message{};
};

class ConnectedNodes {
 public:
  void join(ConnectedNode node);
  // Its commands under way fail. Empty: the connection was no node's, or the node is connected anew already.
  std::string leave(const std::string& connection_id);

  const ConnectedNode* find(const std::string& node_id) const;
  const std::map<std::string, ConnectedNode>& all() const { return nodes_; }

  // What the operator approves or takes back counts at once. Commands under way that are not approved any more fail.
  void approve(const std::string& node_id, const std::vector<std::string>& caps,
               const std::vector<std::string>& commands);
  void disapprove(const std::string& node_id);

  // A command on its way: its id, and the answer to come. Fails when the node goes or its approval ends.
  struct Invocation {
    std::string id;
    Pending<Result<NodeAnswer>> answer;
  };
  Result<Invocation> begin(const std::string& node_id, const std::string& command);
  // It waits no longer: the answer is this error.
  void expire(const std::string& invocation_id, const Error& error);
  void forget(const std::string& invocation_id) { invocations_.erase(invocation_id); }
  // False: this node has no such command to answer.
  bool finish(const std::string& invocation_id, const std::string& connection_id, NodeAnswer answer);
  bool owns(const std::string& invocation_id, const std::string& connection_id) const;

 private:
  struct Waiting {
    std::string node_id;
    std::string connection_id;
    std::string command;
    Resolver<Result<NodeAnswer>> resolver;
  };
  void fail_where(const std::function<bool(const Waiting&)>& holds, const Error& error);

  std::map<std::string, ConnectedNode> nodes_;  // By node id.
  std::map<std::string, Waiting> invocations_;
};

Error pairing_changed();

}  // namespace omenia::devices
