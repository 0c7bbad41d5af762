#pragma once
// NodeWork: what a node that is away is to be asked when it comes. At most one piece of a type waits for a node; asking
// again changes how long and how urgently.

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct NodeWorkRow {
  std::string id;
  std::string node_id;
  std::string type;      // status.request, location.request.
  std::string priority;  // normal, high.
  std::int64_t created_ms = 0;
  std::int64_t expires_ms = 0;  // 0: never.
};

class NodeWork {
 public:
  explicit NodeWork(Database& database) : database_(database) {}
  // The row that waits now, with the id of the first time it was asked for. The node is a device that is paired.
  Result<NodeWorkRow> enqueue(NodeWorkRow row);
  // The most urgent first, then the oldest; they wait no more. Expired ones are forgotten.
  Result<std::vector<NodeWorkRow>> take(const std::string& node_id, std::int64_t limit, std::int64_t now_ms);
  Result<std::int64_t> waiting(const std::string& node_id);
  Result<std::int64_t> revision(const std::string& node_id);  // Goes up with each change of what waits.

 private:
  Result<void> revise(const std::string& node_id);

  Database& database_;
};

}  // namespace omenia::state
