#pragma once
// Replaces the program of this process by another one: the process, its children and the descriptors that are named
// stay, everything else of it goes.

#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia {

// Returns only when it failed, and then everything is as before. Signals wait until the new program takes them; those
// that end a process would otherwise end it before it has its handlers.
Error replace_program(const std::string& program, const std::vector<std::string>& arguments,
                      const std::vector<int>& descriptors);

void take_waiting_signals();  // By the new program, when its handlers stand.

}  // namespace omenia
