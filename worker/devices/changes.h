#pragma once
// Changes: what an operator does to devices and nodes, each one unit of work in the store. Who may is decided before.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "worker/devices/admission.h"
#include "worker/devices/records.h"

namespace omenia::devices {

// Looks at a request before it is approved; the error goes back.
using MayApprove = std::function<Result<void>(const state::PairingRequestRow&)>;

struct ApprovedDevice {
  std::string request_id;
  DeviceRecord record;
};
// Error invalid_request "unknown requestId".
Result<ApprovedDevice> approve_device(state::Tables& tables, const std::string& request_id, const MayApprove& may,
                                      std::int64_t now_ms);

struct ApprovedNode {
  std::string request_id;
  state::NodeRow node;
  state::DeviceRow device;
};
Result<ApprovedNode> approve_node(state::Tables& tables, const std::string& request_id, const MayApprove& may,
                                  std::int64_t now_ms);

// The request that is gone now.
Result<state::PairingRequestRow> reject(state::Tables& tables, const std::string& kind, const std::string& request_id,
                                        const MayApprove& may);

// Another token, at once: the one before opens nothing any more. `scopes` narrows it; empty: what the device has.
// Error invalid_request "device token rotation denied": no such device, role or scopes.
Result<IssuedToken> rotate_token(state::Tables& tables, const std::string& device_id, const std::string& role,
                                 const std::vector<std::string>& scopes, const Identity& identity, std::int64_t now_ms);
Result<void> revoke_token(state::Tables& tables, const std::string& device_id, const std::string& role);

}  // namespace omenia::devices
