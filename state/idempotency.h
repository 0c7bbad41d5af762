#pragma once
// Idempotency: answers of side-effecting methods by key, so that a repeated call gets the first answer, also from the
// next worker.

#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

class Idempotency {
 public:
  explicit Idempotency(Database& database) : database_(database) {}
  Result<std::optional<std::string>> find(const std::string& method, const std::string& key);
  // Keeps the first answer for a key; a second call changes nothing.
  Result<void> remember(const std::string& method, const std::string& key, const std::string& answer,
                        std::int64_t now_ms);
  Result<std::int64_t> forget_before(std::int64_t wall_time_ms);  // How many were removed.

 private:
  Database& database_;
};

}  // namespace omenia::state
