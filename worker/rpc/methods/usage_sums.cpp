#include "worker/rpc/methods/usage_sums.h"

#include <algorithm>

namespace omenia::rpc::methods {

void UsageSums::add(const state::UsageRow& row) {
  runs += row.runs;
  failed += row.failed;
  input += row.input;
  output += row.output;
  cache_read += row.cache_read;
  cache_write += row.cache_write;
  total += row.total;
}

void UsageSums::write_members(JsonWriter& writer) const {
  writer.member("input", input).member("output", output);
  writer.member("cacheRead", cache_read).member("cacheWrite", cache_write).member("totalTokens", total);
  for (const char* cost : {"totalCost", "inputCost", "outputCost", "cacheReadCost", "cacheWriteCost"})
    writer.member(cost, 0);
  writer.member("missingCostEntries", runs);
}

void UsageSums::write(JsonWriter& writer) const {
  write_members(writer.begin_object());
  writer.end_object();
}

void LatencySums::add(const state::UsageRow& row) {
  min_ms = count == 0 ? row.shortest_ms : std::min(min_ms, row.shortest_ms);
  max_ms = std::max(max_ms, row.longest_ms);
  count += row.runs;
  sum_ms += row.running_ms;
}

void LatencySums::write_members(JsonWriter& writer) const {
  writer.member("count", count).member("avgMs", count == 0 ? 0 : sum_ms / count);
  writer.member("minMs", min_ms).member("maxMs", max_ms).member("p95Ms", max_ms);
}

}  // namespace omenia::rpc::methods
