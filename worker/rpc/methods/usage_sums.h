#pragma once
// UsageSums: token counts added up, and how reports write them. Costs are 0: no prices are configured in this release,
// and every run counts as one whose cost is missing.

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/json/writer.h"
#include "state/usage.h"

namespace omenia::rpc::methods {

struct UsageSums {
  void add(const state::UsageRow& row);
  void write_members(JsonWriter& writer) const;  // In the object that is open.
  void write(JsonWriter& writer) const;          // As an object.

  std::int64_t runs = 0;
  std::int64_t failed = 0;
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::int64_t total = 0;
};

// Lengths of runs.
struct LatencySums {
  void add(const state::UsageRow& row);
  void write_members(JsonWriter& writer) const;

  std::int64_t count = 0;
  std::int64_t sum_ms = 0;
  std::int64_t min_ms = 0;
  std::int64_t max_ms = 0;
};

}  // namespace omenia::rpc::methods
