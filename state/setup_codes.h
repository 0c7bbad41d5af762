#pragma once
// SetupCodes: codes that let one new device in without the shared secret. Each is good once and for a short time; only
// its SHA-256 is kept.

#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct SetupCodeRow {
  std::string setup_id{};
  std::string hash{};
  std::string access{};  // full, limited, node.
  std::int64_t created_ms = 0;
  std::int64_t expires_ms = 0;
  std::int64_t used_ms = 0;  // 0: not yet.
  std::string device_id{};   // Who used it.
  std::string device_name{};
};

class SetupCodes {
 public:
  explicit SetupCodes(Database& database) : database_(database) {}
  // Codes that ended more than a day ago are forgotten. Error unavailable: limits::setup_codes_max are open.
  Result<void> add(const SetupCodeRow& row);
  Result<std::optional<SetupCodeRow>> find(const std::string& setup_id);
  Result<std::optional<SetupCodeRow>> open_code(const std::string& hash, std::int64_t now_ms);  // Neither used nor old.
  // False, and nothing changed, when it was used already.
  Result<bool> use(const std::string& setup_id, std::int64_t now_ms, const std::string& device_id,
                   const std::string& device_name);

 private:
  Database& database_;
};

}  // namespace omenia::state
