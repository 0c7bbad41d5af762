#pragma once
// StoreHealth: whether the store takes writes, and what it has done.

#include <cstdint>
#include <string>

namespace omenia::state {

struct StoreHealth {
  bool writable = true;       // False: the disk refused the last write. The next one tries again; reads go on.
  std::string cause;          // Of the refusal, for the operator; empty while writable.
  std::int64_t since_ms = 0;  // Wall time of the last change of `writable`; 0: never changed.
  std::int64_t units = 0;     // Units of work that were run for writing.
  std::int64_t commits = 0;   // Commits that reached the disk.
};

}  // namespace omenia::state
