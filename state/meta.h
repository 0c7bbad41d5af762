#pragma once
// Meta: facts about the store itself.

#include <cstdint>
#include <string>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

class Meta {
 public:
  explicit Meta(Database& database) : database_(database) {}
  Result<std::string> instance_id();       // Made at the first opening, a UUID; never changes.
  Result<std::int64_t> next_generation();  // Counts up each time a worker starts.

 private:
  Database& database_;
};

}  // namespace omenia::state
