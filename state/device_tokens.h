#pragma once
// DeviceTokens: what a device may show instead of the shared secret. Only the SHA-256 of a token is kept: 32 random
// bytes need no slower hash.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct DeviceTokenRow {
  std::string device_id;
  std::string role;
  std::string hash;           // SHA-256, lower-case hexadecimal.
  std::string previous_hash;  // Still good, until the token is used once; empty: none.
  std::string nonce;          // What the token was made of, with a key that is not in the store.
  std::vector<std::string> scopes;
  std::int64_t created_ms = 0;
  std::int64_t rotated_ms = 0;  // 0: never.
  std::int64_t used_ms = 0;     // 0: never.
};

class DeviceTokens {
 public:
  explicit DeviceTokens(Database& database) : database_(database) {}
  Result<std::optional<DeviceTokenRow>> find(const std::string& device_id, const std::string& role);
  Result<std::vector<DeviceTokenRow>> list(const std::string& device_id);  // By role.
  Result<void> put(const DeviceTokenRow& row);                             // Adds or replaces.
  // The token was shown: the one before it is good no longer.
  Result<void> used(const std::string& device_id, const std::string& role, std::int64_t now_ms, bool was_previous);
  Result<bool> remove(const std::string& device_id, const std::string& role);  // False: there was none.

 private:
  Database& database_;
};

}  // namespace omenia::state
