#pragma once
// One run of the command line, from its words to the exit code.

#include <string>
#include <vector>

#include "cli/context.h"

namespace omenia::cli {

// `words` are the arguments after the program's name.
int run_program(Context& context, const std::vector<std::string>& words);

}  // namespace omenia::cli
