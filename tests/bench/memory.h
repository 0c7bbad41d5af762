#pragma once
// Memory: what one process holds, by the kernel's account.

#include <sys/types.h>

#include <optional>

namespace omenia::bench {

struct Memory {
  double resident_kib = 0;      // All its pages.
  double proportional_kib = 0;  // Shared pages divided among those who share them.
  double private_kib = 0;       // Pages that nobody else has.
};

std::optional<Memory> memory_of(pid_t process);

}  // namespace omenia::bench
