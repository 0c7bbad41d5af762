#pragma once
// Nodes: which commands of which paired device the operator has approved. A node's id is its device's.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct NodeRow {
  std::string node_id;
  std::string label;  // Given by the operator; empty: none.
  std::string display_name;
  std::string platform;
  std::string device_family;
  std::string client_id;
  std::string client_mode;
  std::string client_version;
  std::vector<std::string> caps;
  std::vector<std::string> commands;
  std::int64_t created_ms = 0;
  std::int64_t approved_ms = 0;
};

class Nodes {
 public:
  explicit Nodes(Database& database) : database_(database) {}
  Result<std::optional<NodeRow>> find(const std::string& node_id);
  Result<std::vector<NodeRow>> list();  // Most recently approved first; at most limits::devices_max.
  // Adds or replaces; `created_ms` and the label of an existing row stay. Error not_found: no such device.
  Result<NodeRow> approve(const NodeRow& row);
  Result<bool> rename(const std::string& node_id, const std::string& label);  // False: no such node.
  Result<bool> remove(const std::string& node_id);                            // False: there was none.

 private:
  Database& database_;
};

}  // namespace omenia::state
