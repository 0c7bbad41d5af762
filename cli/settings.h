#pragma once
// Settings that commands need although the configuration may be missing or broken: then the defaults count.

#include <string>

#include "cli/context.h"
#include "shared/config/config.h"

namespace omenia::cli {

Config usable_config(const Context& context);       // With errors in the file: the defaults.
int local_port(const Context& context);             // Of this profile's gateway: environment, configuration, default.
std::string bind_host_of(const Config& config);     // The address that gateway.bind leads to.
std::string log_file_of(const Context& context);    // Absolute.

}  // namespace omenia::cli
