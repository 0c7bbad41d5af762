#include "tests/bench/memory.h"

#include <fstream>
#include <sstream>
#include <string>

namespace omenia::bench {

std::optional<Memory> memory_of(pid_t process) {
  std::ifstream rollup("/proc/" + std::to_string(process) + "/smaps_rollup");
  if (!rollup) return std::nullopt;
  Memory memory;
  for (std::string line; std::getline(rollup, line);) {
    std::istringstream words(line);
    std::string name;
    double kib = 0;
    words >> name >> kib;
    if (name == "Rss:") memory.resident_kib = kib;
    if (name == "Pss:") memory.proportional_kib = kib;
    if (name == "Private_Clean:" || name == "Private_Dirty:") memory.private_kib += kib;
  }
  return memory;
}

}  // namespace omenia::bench
