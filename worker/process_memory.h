#pragma once
// How much of the machine's memory this process holds.

#include <cstdint>

namespace omenia::worker {

std::uint64_t resident_bytes();  // 0: the system does not say.

}  // namespace omenia::worker
