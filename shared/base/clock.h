#pragma once
// The two clocks. Wall time goes to people, the store and the wire; steady time measures how long something took.

#include <cstdint>
#include <string>

namespace omenia {

std::int64_t wall_ms();    // Milliseconds since 1970, UTC.
std::int64_t steady_ms();  // Milliseconds since an arbitrary point; never goes back.
std::int64_t steady_us();  // The same in microseconds.

// "2026-11-23T08:15:30.123Z"
std::string iso_utc(std::int64_t wall_time_ms);

}  // namespace omenia
