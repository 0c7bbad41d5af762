#pragma once
// The health snapshot as lines for people.

#include <cstdint>
#include <string>
#include <vector>

#include "shared/json/json.h"

namespace omenia::cli {

std::vector<std::string> health_lines(JsonView health, std::int64_t round_trip_ms);

}  // namespace omenia::cli
