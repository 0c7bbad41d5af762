#pragma once
// Records: devices, nodes and requests as clients see them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/json/writer.h"
#include "state/store.h"

namespace omenia::devices {

// A device with what belongs to it.
struct DeviceRecord {
  state::DeviceRow device;
  std::vector<state::DeviceTokenRow> tokens;
  std::optional<state::NodeRow> node;
};
Result<DeviceRecord> record_of(state::Tables& tables, state::DeviceRow device);

void write_list(JsonWriter& writer, std::string_view name, const std::vector<std::string>& items);

// Each writes one object.
void write_device(JsonWriter& writer, const DeviceRecord& record, std::optional<bool> connected);
void write_device_request(JsonWriter& writer, const state::PairingRequestRow& request);
void write_node(JsonWriter& writer, const state::NodeRow& node, const state::DeviceRow* device);
void write_node_request(JsonWriter& writer, const state::PairingRequestRow& request);

// Payloads of events.
std::string requested_payload(const state::PairingRequestRow& request);
std::string resolved_payload(std::string_view kind, const std::string& request_id, const std::string& id,
                             std::string_view decision, std::int64_t now_ms);

std::string name_of(const state::DeviceRow& device);  // The operator's label, else its own name.
std::string name_of(const state::NodeRow& node);

}  // namespace omenia::devices
