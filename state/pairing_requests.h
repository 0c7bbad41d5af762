#pragma once
// PairingRequests: what waits for the operator's word. A device has at most one request of a kind: one that asks for
// something else gets a new id, so that nobody approves what he has not read.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct PairingRequestRow {
  std::string request_id{};
  std::string kind{};  // device: to be let in, or to get more; node: to be asked for its commands.
  std::string device_id{};
  std::string public_key{};
  std::string display_name{};
  std::string platform{};
  std::string device_family{};
  std::string client_id{};
  std::string client_mode{};
  std::string client_version{};
  std::string role{};
  std::vector<std::string> scopes{};
  std::vector<std::string> caps{};
  std::vector<std::string> commands{};
  std::string remote_address{};
  bool silent = false;
  bool repair = false;  // The device is paired already.
  std::int64_t created_ms = 0;
};

struct FiledRequest {
  PairingRequestRow row;
  bool is_new = false;   // Not the one that was there.
  std::string replaced;  // Id of the request of this device that it took the place of; empty: none.
};

class PairingRequests {
 public:
  explicit PairingRequests(Database& database) : database_(database) {}
  // Keeps `row` under a new id, or finds the request that asks for the same, whose age then begins anew. When there are
  // limits::pairing_requests_max, the oldest is forgotten.
  Result<FiledRequest> file(PairingRequestRow row);
  Result<std::optional<PairingRequestRow>> find(const std::string& kind, const std::string& request_id);
  Result<std::optional<PairingRequestRow>> of_device(const std::string& kind, const std::string& device_id);
  Result<std::vector<PairingRequestRow>> list(const std::string& kind);  // Newest first.
  Result<bool> remove(const std::string& request_id);                    // False: there was none.
  Result<bool> remove_of(const std::string& kind, const std::string& device_id);
  Result<std::int64_t> forget_before(std::int64_t wall_time_ms);  // How many were removed.

 private:
  Database& database_;
};

}  // namespace omenia::state
