#pragma once
// Settings that commands need although the configuration may be missing or broken: then the defaults count.

#include <string>

#include "cli/context.h"
#include "shared/base/result.h"
#include "shared/config/config.h"

namespace omenia::cli {

Config usable_config(const Context& context);     // With errors in the file: the defaults.
std::string log_file_of(const Context& context);  // Absolute.

// Of this profile's gateway. Error: start_blocked, for a variable that is no port.
Result<int> local_port(const Context& context);

}  // namespace omenia::cli
