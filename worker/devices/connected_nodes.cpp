#include "worker/devices/connected_nodes.h"

#include <algorithm>
#include <utility>

#include "shared/base/ids.h"
#include "shared/base/limits.h"

namespace omenia::devices {

namespace {

std::vector<std::string> common(const std::vector<std::string>& offered, const std::vector<std::string>& approved) {
  std::vector<std::string> both;
  for (const std::string& item : offered)
    if (std::find(approved.begin(), approved.end(), item) != approved.end()) both.push_back(item);
  return both;
}

}  // namespace

Error pairing_changed() {
  return Error{
      ErrorCode::unavailable, "node pairing changed while invocation was active", R"({"code":"PAIRING_CHANGED"})", {}};
}

void ConnectedNodes::join(ConnectedNode node) {
  const std::string id = node.node_id;
  nodes_.insert_or_assign(id, std::move(node));
}

std::string ConnectedNodes::leave(const std::string& connection_id) {
  fail_where([&](const Waiting& waiting) { return waiting.connection_id == connection_id; },
             fail(ErrorCode::unavailable, "the node disconnected before it answered"));
  const auto gone = std::find_if(nodes_.begin(), nodes_.end(),
                                 [&](const auto& node) { return node.second.connection_id == connection_id; });
  if (gone == nodes_.end()) return {};
  std::string id = gone->first;
  nodes_.erase(gone);
  return id;
}

const ConnectedNode* ConnectedNodes::find(const std::string& node_id) const {
  const auto found = nodes_.find(node_id);
  return found == nodes_.end() ? nullptr : &found->second;
}

void ConnectedNodes::approve(const std::string& node_id, const std::vector<std::string>& caps,
                             const std::vector<std::string>& commands) {
  const auto found = nodes_.find(node_id);
  if (found == nodes_.end()) return;
  found->second.approved = true;
  found->second.approved_caps = common(found->second.caps, caps);
  found->second.approved_commands = common(found->second.commands, commands);
  const std::vector<std::string>& left = found->second.approved_commands;
  fail_where(
      [&](const Waiting& waiting) {
        return waiting.node_id == node_id && std::find(left.begin(), left.end(), waiting.command) == left.end();
      },
      pairing_changed());
}

void ConnectedNodes::disapprove(const std::string& node_id) {
  const auto found = nodes_.find(node_id);
  if (found != nodes_.end()) {
    found->second.approved = false;
    found->second.approved_caps.clear();
    found->second.approved_commands.clear();
  }
  fail_where([&](const Waiting& waiting) { return waiting.node_id == node_id; }, pairing_changed());
}

Result<ConnectedNodes::Invocation> ConnectedNodes::begin(const std::string& node_id, const std::string& command) {
  const ConnectedNode* node = find(node_id);
  if (!node) return fail(ErrorCode::unavailable, "the node is not connected");
  const auto under_way = std::count_if(invocations_.begin(), invocations_.end(),
                                       [&](const auto& each) { return each.second.node_id == node_id; });
  if (static_cast<std::size_t>(under_way) >= limits::node_invocations_max)
    return fail(ErrorCode::unavailable, "the node has too many commands to answer; try again later");
  Invocation invocation{random_uuid(), {}};
  invocations_.emplace(invocation.id, Waiting{node_id, node->connection_id, command, invocation.answer.resolver()});
  return invocation;
}

bool ConnectedNodes::owns(const std::string& invocation_id, const std::string& connection_id) const {
  const auto found = invocations_.find(invocation_id);
  return found != invocations_.end() && found->second.connection_id == connection_id;
}

bool ConnectedNodes::finish(const std::string& invocation_id, const std::string& connection_id, NodeAnswer answer) {
  if (!owns(invocation_id, connection_id)) return false;
  auto taken = invocations_.extract(invocation_id);
  taken.mapped().resolver.resolve(Result<NodeAnswer>(std::move(answer)));
  return true;
}

void ConnectedNodes::expire(const std::string& invocation_id, const Error& error) {
  auto taken = invocations_.extract(invocation_id);
  if (!taken.empty()) taken.mapped().resolver.resolve(Result<NodeAnswer>(error));
}

// Taken out before anybody is told: who is told may begin another.
void ConnectedNodes::fail_where(const std::function<bool(const Waiting&)>& holds, const Error& error) {
  std::vector<Resolver<Result<NodeAnswer>>> told;
  for (auto each = invocations_.begin(); each != invocations_.end();) {
    if (!holds(each->second)) {
      ++each;
      continue;
    }
    told.push_back(each->second.resolver);
    each = invocations_.erase(each);
  }
  for (const auto& resolver : told) resolver.resolve(Result<NodeAnswer>(error));
}

}  // namespace omenia::devices
