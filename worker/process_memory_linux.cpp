#include <unistd.h>

#include <fstream>

#include "worker/process_memory.h"

namespace omenia::worker {

// /proc/self/statm: sizes in pages, all of it first, then what is resident.
std::uint64_t resident_bytes() {
  std::ifstream sizes("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  sizes >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace omenia::worker
