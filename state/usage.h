#pragma once
// Usage: what ended runs have used of their models, summed up by day. Read from the runs' stored ends.

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct UsageFilter {
  std::int64_t since_ms = 0;
  std::int64_t until_ms = 0;        // Not included.
  std::int64_t zone_offset_ms = 0;  // East of UTC: where a day begins.
  std::string agent_id;             // Empty: all.
  std::string session_key;          // Empty: all.
};

// The runs of one session with one model on one day.
struct UsageRow {
  std::string date;  // "2026-11-23"
  std::string session_key;
  std::string session_id;
  std::string agent_id;
  std::string provider;  // Empty: the runs never reached a model.
  std::string model;
  std::int64_t runs = 0;
  std::int64_t failed = 0;  // Of these.
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::int64_t total = 0;
  std::int64_t first_ms = 0;  // Start of the first run and end of the last.
  std::int64_t last_ms = 0;
  std::int64_t running_ms = 0;  // Sum of their lengths, and the bounds.
  std::int64_t shortest_ms = 0;
  std::int64_t longest_ms = 0;
};

class Usage {
 public:
  explicit Usage(Database& database) : database_(database) {}
  Result<std::vector<UsageRow>> by_day(const UsageFilter& filter);  // Oldest day first.

 private:
  Database& database_;
};

}  // namespace omenia::state
