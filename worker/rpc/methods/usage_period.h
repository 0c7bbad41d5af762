#pragma once
// UsagePeriod: the days of a usage report, from what a client asks: dates, a number of days or a range, in whose zone.

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/json/json.h"

namespace omenia::rpc::methods {

struct UsagePeriod {
  // Error invalid_request for a date or an offset that is none, and for an end before its start.
  static Result<UsagePeriod> read(JsonView params, std::int64_t now_ms);

  std::string start_date;  // "2026-11-23", of the zone.
  std::string end_date;    // Included.
  std::int64_t since_ms = 0;
  std::int64_t until_ms = 0;  // Not included.
  std::int64_t zone_offset_ms = 0;
  std::int64_t days = 0;

  std::vector<std::string> dates() const;
};

}  // namespace omenia::rpc::methods
