#pragma once
// Devices: who was approved, by the key that a device is named after, and for what. The device's tokens, its commands
// as a node and what it waits for go with it when it is removed.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct DeviceRow {
  std::string device_id;   // SHA-256 of the key, lower-case hexadecimal.
  std::string public_key;  // base64url.
  std::string label;       // Given by the operator; empty: none.
  std::string display_name;
  std::string platform;  // As it was approved.
  std::string device_family;
  std::string client_id;
  std::string client_mode;
  std::vector<std::string> roles;
  std::vector<std::string> scopes;
  std::string approved_via;  // silent, operator, setup-code, cidr, trusted-proxy.
  std::int64_t created_ms = 0;
  std::int64_t approved_ms = 0;
  std::int64_t seen_ms = 0;
  std::string seen_reason;
  std::int64_t revision = 0;  // Of what it may do; counted by the store.
};

class Devices {
 public:
  explicit Devices(Database& database) : database_(database) {}
  Result<std::optional<DeviceRow>> find(const std::string& device_id);
  Result<std::vector<DeviceRow>> list();  // Most recently approved first; at most limits::devices_max.
  // Adds the device or replaces what was approved; `created_ms` and the label of an existing row stay. Error
  // unavailable: there are limits::devices_max already.
  Result<DeviceRow> approve(DeviceRow row);
  // What it may do was changed elsewhere (a token): decisions made before are told by it. Error not_found.
  Result<void> revise(const std::string& device_id);
  Result<void> seen(const std::string& device_id, std::int64_t now_ms, const std::string& reason);
  Result<bool> rename(const std::string& device_id, const std::string& label);  // False: no such device.
  Result<bool> remove(const std::string& device_id);                            // With everything that is its own.

 private:
  Database& database_;
};

}  // namespace omenia::state
