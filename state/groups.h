#pragma once
// Groups: the names under which clients sort sessions, in the order they show them. A session's category is the name of
// its group.

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct GroupRow {
  std::string name;
  std::string cwd;  // Empty: none.
  bool worktree = false;
};

class Groups {
 public:
  explicit Groups(Database& database) : database_(database) {}
  Result<std::vector<GroupRow>> list();  // In their order.
  // These names in this order. Sessions of groups that go have none any more; those that stay keep what they are.
  Result<void> replace(const std::vector<std::string>& names);
  // Sessions follow. Error not_found, invalid_request when there is one of the new name.
  Result<void> rename(const std::string& name, const std::string& to);
  Result<void> update(const GroupRow& row);      // Error not_found.
  Result<void> remove(const std::string& name);  // Its sessions have none then. Error not_found.
  Result<std::string> section_order();           // JSON array, as a client wrote it.
  Result<void> put_section_order(const std::string& json);

 private:
  Database& database_;
};

}  // namespace omenia::state
